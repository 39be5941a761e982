import Crystallography
import Foundation
import Publishing

/// Crystal structures in files of any format the package knows.
public enum CrystalFile {
    /// A file format of structures, by its common extension.
    public enum Format: String, Sendable, CaseIterable {
        case cif
        case poscar
        case extendedXYZ = "extxyz"
        /// pymatgen's form on writing; that or ASE's on reading.
        case json
        /// One JSON object a line.
        case jsonl
    }

    /// Every structure of a file. The name's ending or, without a telling one, the content decides.
    public static func read(_ path: String) throws(CrystalFileError) -> [CrystalRecord] {
        let content = try FileContent(path: path)
        guard let named = format(ofName: path) else {
            do throws(CrystalFileError) {
                let text = try content.text()
                guard let format = format(ofContent: text) else {
                    throw CrystalFileError(
                        file: path, problem: "not a known format",
                        remedy: "give CIF, POSCAR, extended XYZ with Lattice=, or JSON")
                }
                return try parse(content, text, format)
            } catch {
                throw patternInPlace(of: content) ?? error
            }
        }
        return try parse(content, try content.text(), named)
    }

    /// Points of what is called a pattern: three rows of a damaged POSCAR are columns of numbers too.
    private static let pointsOfPattern = 20

    /// What a powder pattern is told that was given for a structure; nil where it is none.
    private static func patternInPlace(of content: FileContent) -> CrystalFileError? {
        let pattern: PowderPattern
        do throws(CrystalFileError) {
            pattern = try PowderPatternFile.parse(content.bytes, name: content.path)
        } catch {
            // No pattern either: what the reader of structures said stands.
            return nil
        }
        guard pattern.twoTheta.count >= pointsOfPattern, let first = pattern.twoTheta.first,
            let last = pattern.twoTheta.last
        else { return nil }
        return CrystalFileError(
            file: content.path,
            problem: String(
                format: "no structure: it looks like a powder pattern of %d points from %g to %g°",
                pattern.twoTheta.count, first, last),
            remedy: "give the structure's file here: CIF, POSCAR, extended XYZ with Lattice=, or JSON")
    }

    private static func parse(
        _ content: FileContent, _ text: String, _ format: Format
    ) throws(CrystalFileError) -> [CrystalRecord] {
        let path = content.path
        var records: [CrystalRecord]
        switch format {
        case .cif: records = try CIFFile.parse(content.bytes, name: path)
        case .poscar: records = try POSCARFile.parse(text, name: path)
        case .extendedXYZ: records = try ExtendedXYZFile.parse(text, name: path)
        case .json: records = try StructureJSONFile.parse(text, name: path)
        case .jsonl: records = try lines(of: text, file: path)
        }
        let stem = URL(fileURLWithPath: path).lastPathComponent
        for index in records.indices where records[index].name.isEmpty { records[index].name = stem }
        return records
    }

    /// The first structure of a file, with a warning where there are more.
    public static func readFirst(_ path: String) throws(CrystalFileError) -> CrystalRecord {
        let records = try read(path)
        guard var first = records.first else {
            throw CrystalFileError(file: path, problem: "no structure", remedy: "give a file with one")
        }
        if records.count > 1 {
            first.readingWarnings.append(.moreStructures(count: records.count, taken: first.name))
        }
        return first
    }

    /// What the file name says; nil where it says nothing. Standard output has no name and takes CIF.
    public static func format(ofName path: String) -> Format? {
        if path == "/dev/stdout" { return .cif }
        var name = URL(fileURLWithPath: path).lastPathComponent.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        switch (name as NSString).pathExtension {
        case "cif", "mcif": return .cif
        case "vasp", "poscar": return .poscar
        case "xyz", "extxyz": return .extendedXYZ
        case "json": return .json
        case "jsonl", "ndjson": return .jsonl
        default: break
        }
        return name.hasPrefix("poscar") || name.hasPrefix("contcar") ? .poscar : nil
    }

    /// Writes the structures atomically: a temporary file beside the target, then a rename.
    ///
    /// - `format`: nil takes it from the file name.
    /// - Returns: what is lost in the format, one sentence each (`losses(of:in:)`); for whoever writes to say.
    @discardableResult
    public static func write(
        _ records: [CrystalRecord], to path: String, format: Format? = nil
    ) throws(CrystalFileError) -> [String] {
        guard let format = format ?? self.format(ofName: path) else {
            throw CrystalFileError(
                file: path, problem: "the file name tells no format",
                remedy: "end it in \(Format.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))")
        }
        try FileContent.write(serialise(records, format: format, name: path), to: path)
        return losses(of: records, in: format)
    }

    /// Writes the structure in the format that the path's extension names, whole or not at all (a temporary
    /// file, renamed). Throws `CrystalFileError` where the format is unknown or the place cannot be written.
    @discardableResult
    public static func write(
        _ structure: CrystalStructure, to path: String, format: Format? = nil
    ) throws(CrystalFileError) -> [String] {
        try write([CrystalRecord(structure)], to: path, format: format)
    }

    /// - Throws: where the format cannot hold what is given.
    public static func serialise(
        _ records: [CrystalRecord], format: Format, name: String = "output"
    ) throws(CrystalFileError) -> String {
        guard let first = records.first else {
            throw CrystalFileError(file: name, problem: "nothing to write", remedy: "give a structure")
        }
        switch format {
        case .cif: return records.map { CIFFile.serialise(SymmetricCIF($0)) }.joined(separator: "\n")
        case .poscar:
            guard records.count == 1 else {
                throw CrystalFileError(
                    file: name, problem: "POSCAR holds one structure, \(records.count) are given",
                    remedy: "write CIF, extended XYZ or JSON")
            }
            return try POSCARFile.serialise(first.structure, name: name)
        case .extendedXYZ: return try ExtendedXYZFile.serialise(records.map(\.structure), name: name)
        case .json: return try StructureJSONFile.serialise(records.map(\.structure), name: name)
        case .jsonl:
            var text = ""
            for record in records { text += try StructureJSONFile.serialise([record.structure], name: name) }
            return text
        }
    }

    private static func lines(of text: String, file: String) throws(CrystalFileError) -> [CrystalRecord] {
        var records: [CrystalRecord] = []
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            records.append(try StructureJSONFile.record(Array(line.utf8), file: file, line: number))
        }
        return records
    }

    private static func format(ofContent text: String) -> Format? {
        let first = text.first { !$0.isWhitespace }
        if first == "{" || first == "[" { return .json }
        let lines = text.split(whereSeparator: \.isNewline)
        if lines.contains(where: { $0.prefix(5).lowercased() == "data_" }) { return .cif }
        let hasFrame = lines.count > 1 && lines[1].contains("Lattice=")
        if hasFrame { return .extendedXYZ }
        return POSCARFile.isLikely(text) ? .poscar : nil
    }
}
