import Foundation

/// A file's bytes, with the refusals that every reader shares.
struct FileContent {
    let path: String
    let bytes: [UInt8]

    init(path: String) throws(CrystalFileError) {
        self.path = path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CrystalFileError(file: path, problem: "no such file", remedy: "check the path")
        }
        guard !isDirectory.boolValue else {
            throw CrystalFileError(file: path, problem: "is a folder", remedy: "name a file in it")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CrystalFileError(
                file: path, problem: "cannot be read", remedy: "check the permissions of the file")
        }
        bytes = data.starts(with: [0x1F, 0x8B]) ? try Self.unpacked(path) : [UInt8](data)
        guard bytes.contains(where: { $0 > 0x20 }) else {
            throw CrystalFileError(file: path, problem: "the file is empty", remedy: "give a complete file")
        }
    }

    private static func unpacked(_ path: String) throws(CrystalFileError) -> [UInt8] {
        var reader = try LineReader(path: path)
        var bytes: [UInt8] = []
        while let line = try reader.next() {
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
            guard bytes.count < 1 << 30 else {
                throw CrystalFileError(file: path, problem: "more than 1 GB unpacked", remedy: "unpack it")
            }
        }
        return bytes
    }

    /// The bytes as text; Latin-1 where they are not UTF-8.
    func text() throws(CrystalFileError) -> String {
        try TextCheck.refuseBinary(bytes, file: path)
        return TextCheck.string(bytes)
    }
}

enum TextCheck {
    static func refuseBinary(_ bytes: [UInt8], file: String) throws(CrystalFileError) {
        // UTF-16 has zero bytes too; no crystallographic program writes it.
        let controls = bytes.prefix(1 << 16).filter { $0 < 9 || ($0 > 13 && $0 < 32 && $0 != 26) }
        guard controls.isEmpty, !bytes.contains(0) else {
            throw CrystalFileError(
                file: file, problem: "a binary file, not text", remedy: "give a text file of a known format")
        }
    }

    static func string(_ bytes: [UInt8]) -> String {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) }))
    }
}
