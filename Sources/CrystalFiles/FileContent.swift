import Foundation
import Publishing

/// A file's bytes, with the refusals that every reader shares.
package struct FileContent {
    package let path: String
    package let bytes: [UInt8]

    package init(path: String) throws(CrystalFileError) {
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
        for (mark, name) in Self.otherCompressions where data.starts(with: mark) {
            throw CrystalFileError(
                file: path, problem: "compressed with \(name)", remedy: "unpack it, or use gzip")
        }
        bytes = data.starts(with: [0x1F, 0x8B]) ? try Self.unpacked(path) : [UInt8](data)
        guard bytes.contains(where: { $0 > 0x20 }) else {
            throw CrystalFileError(file: path, problem: "the file is empty", remedy: "give a complete file")
        }
    }

    /// First bytes of what is not unpacked here.
    private static let otherCompressions: [(mark: [UInt8], name: String)] = [
        (Array("BZh".utf8), "bzip2"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
    ]

    /// Text into a file, whole or not at all.
    static func write(_ text: String, to path: String) throws(CrystalFileError) {
        do throws(WriteError) {
            try AtomicFile.write(Array(text.utf8), to: path)
        } catch {
            throw CrystalFileError(file: path, problem: "cannot be written", remedy: error.reason)
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
    package func text() throws(CrystalFileError) -> String {
        try TextCheck.refuseBinary(bytes, file: path)
        return TextCheck.string(bytes)
    }
}

package enum TextCheck {
    /// UTF-16 with its mark as UTF-8, and zero bytes taken out where no number can stand: in a first line of words, in
    /// comments, behind the last line.
    package static func withoutHarmlessZeros(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            let isLittle = bytes[0] == 0xFF
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { i in
                let (low, high) = isLittle ? (bytes[i], bytes[i + 1]) : (bytes[i + 1], bytes[i])
                return UInt16(high) << 8 | UInt16(low)
            }
            return Array(String(decoding: units, as: UTF16.self).utf8)
        }
        guard bytes.contains(0) else { return bytes }
        let newline = UInt8(ascii: "\n")
        var text = bytes
        text.removeSubrange(((text.lastIndex { $0 != 0 } ?? -1) + 1)...)
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: newline) ?? text.count
            let isComment = text[start] == UInt8(ascii: "#") || text[start] == UInt8(ascii: "!")
            let letters = text[start..<end].count { (97...122).contains($0 | 0x20) }
            if isComment || (start == 0 && letters > 0) {
                for i in start..<end where text[i] == 0 { text[i] = UInt8(ascii: " ") }
            }
            start = end + 1
        }
        return text
    }

    package static func refuseBinary(_ bytes: [UInt8], file: String) throws(CrystalFileError) {
        // UTF-16 has zero bytes too; no crystallographic program writes it.
        let controls = bytes.prefix(1 << 16).filter { $0 < 9 || ($0 > 13 && $0 < 32 && $0 != 26) }
        guard controls.isEmpty, !bytes.contains(0) else {
            throw CrystalFileError(
                file: file, problem: "a binary file, not text", remedy: "give a text file of a known format")
        }
    }

    package static func string(_ bytes: [UInt8]) -> String {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) }))
    }
}
