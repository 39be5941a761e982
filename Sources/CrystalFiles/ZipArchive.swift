import CZlib
import Foundation

/// The entries of a ZIP archive (PKWARE APPNOTE 6.3): stored and deflated ones, no encryption, no ZIP64.
struct ZipArchive {
    private struct Entry {
        var method: Int
        var packedSize: Int
        var size: Int
        var offset: Int
    }

    /// No pattern file unpacks to more; a larger announced size is damage or an attack.
    static let largestEntry = 512 << 20

    private let bytes: [UInt8]
    private let file: String
    private var entries: [String: Entry] = [:]

    static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    var names: [String] { entries.keys.sorted() }

    init(_ bytes: [UInt8], file: String) throws(CrystalFileError) {
        self.bytes = bytes
        self.file = file
        // The end record stands within the last 64 KB, behind it a comment only.
        let earliest = max(0, bytes.count - 22 - 65_536)
        var end: Int?
        for i in stride(from: bytes.count - 22, through: earliest, by: -1)
        where bytes[i] == 0x50 && bytes[i + 1] == 0x4B && bytes[i + 2] == 5 && bytes[i + 3] == 6 {
            end = i
            break
        }
        guard let end else { throw Self.damaged(file) }
        var position = integer(at: end + 16, size: 4)
        for _ in 0..<integer(at: end + 10, size: 2) {
            guard position + 46 <= bytes.count, integer(at: position, size: 4) == 0x0201_4B50 else {
                throw Self.damaged(file)
            }
            let nameLength = integer(at: position + 28, size: 2)
            guard position + 46 + nameLength <= bytes.count else { throw Self.damaged(file) }
            let name = String(
                decoding: bytes[(position + 46)..<(position + 46 + nameLength)], as: UTF8.self)
            entries[name] = Entry(
                method: integer(at: position + 10, size: 2), packedSize: integer(at: position + 20, size: 4),
                size: integer(at: position + 24, size: 4), offset: integer(at: position + 42, size: 4))
            let tail = integer(at: position + 30, size: 2) + integer(at: position + 32, size: 2)
            position += 46 + nameLength + tail
        }
    }

    private static func damaged(_ file: String) -> CrystalFileError {
        CrystalFileError(file: file, problem: "the archive is damaged", remedy: "give a complete file")
    }

    private func integer(at position: Int, size: Int) -> Int {
        guard position >= 0, position + size <= bytes.count else { return 0 }
        return (0..<size).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    /// The unpacked entry; nil where there is none of this name.
    func contents(of name: String) throws(CrystalFileError) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        let local = entry.offset
        guard local + 30 <= bytes.count, integer(at: local, size: 4) == 0x0403_4B50 else {
            throw Self.damaged(file)
        }
        let start = local + 30 + integer(at: local + 26, size: 2) + integer(at: local + 28, size: 2)
        guard start + entry.packedSize <= bytes.count, entry.size <= Self.largestEntry else {
            throw Self.damaged(file)
        }
        let packed = Array(bytes[start..<(start + entry.packedSize)])
        if entry.method == 0 { return packed }
        guard entry.method == 8, let result = Self.inflated(packed, size: entry.size) else {
            throw Self.damaged(file)
        }
        return result
    }

    private static func inflated(_ packed: [UInt8], size: Int) -> [UInt8]? {
        // A deflate stream grows at most 1032-fold.
        guard size <= packed.count * 1032 + 64 else { return nil }
        var input = packed
        var output = [UInt8](repeating: 0, count: size)
        var stream = z_stream()
        let version = ZLIB_VERSION
        // Negative window bits: raw deflate, without zlib's header.
        guard inflateInit2_(&stream, -MAX_WBITS, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        return status == Z_STREAM_END && stream.avail_out == 0 ? output : nil
    }
}
