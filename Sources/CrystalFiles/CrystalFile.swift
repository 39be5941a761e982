import Crystallography
import Foundation

/// Crystal structures in files of any format the package knows.
public enum CrystalFile {
    public enum Format: String, Sendable, CaseIterable {
        case cif
        case poscar
    }

    /// Every structure of a file. The name's ending or, without a telling one, the content decides.
    public static func read(_ path: String) throws(CrystalFileError) -> [CrystalRecord] {
        let content = try FileContent(path: path)
        let text = try content.text()
        let format = format(ofName: path) ?? format(ofContent: text)
        var records: [CrystalRecord]
        switch format {
        case .cif: records = try CIFFile.parse(content.bytes, name: path)
        case .poscar: records = try POSCARFile.parse(text, name: path)
        }
        let stem = (path as NSString).lastPathComponent
        for index in records.indices where records[index].name.isEmpty { records[index].name = stem }
        return records
    }

    /// The first structure of a file.
    public static func readFirst(_ path: String) throws(CrystalFileError) -> CrystalRecord {
        guard let first = try read(path).first else {
            throw CrystalFileError(file: path, problem: "no structure", remedy: "give a file with one")
        }
        return first
    }

    /// What the file name says; nil where it says nothing.
    public static func format(ofName path: String) -> Format? {
        let name = (path as NSString).lastPathComponent.lowercased()
        switch (name as NSString).pathExtension {
        case "cif", "mcif": return .cif
        case "vasp", "poscar": return .poscar
        default: break
        }
        return name.hasPrefix("poscar") || name.hasPrefix("contcar") ? .poscar : nil
    }

    private static func format(ofContent text: String) -> Format {
        let hasBlock = text.split(whereSeparator: \.isNewline).contains {
            $0.prefix(5).lowercased() == "data_"
        }
        return hasBlock ? .cif : .poscar
    }
}
