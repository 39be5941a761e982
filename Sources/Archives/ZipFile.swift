import CZlib
import ExplainedErrors

/// The entries of a ZIP archive (PKWARE APPNOTE 6.3): stored and deflated ones, no encryption, no ZIP64.
package struct ZipFile: Sendable {
    private struct Entry {
        var method: Int
        var checksum: UInt32
        var packedSize: Int
        var size: Int
        var offset: Int
    }

    /// A larger announced size is damage or an attack.
    package static let largestEntry = 512 << 20

    private let bytes: [UInt8]
    private var entries: [String: Entry] = [:]

    package static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    /// Names of all entries, sorted.
    package var names: [String] { entries.keys.sorted() }

    /// Reads the central directory; unpacks nothing.
    package init(_ bytes: [UInt8]) throws(ArchiveError) {
        self.bytes = bytes
        // The end record stands within the last 64 KB, behind it a comment only.
        let earliest = max(0, bytes.count - 22 - 65_536)
        var end: Int?
        for i in stride(from: bytes.count - 22, through: earliest, by: -1)
        where bytes[i] == 0x50 && bytes[i + 1] == 0x4B && bytes[i + 2] == 5 && bytes[i + 3] == 6 {
            end = i
            break
        }
        guard let end else { throw .damaged("it has no end record") }
        var position = integer(at: end + 16, size: 4)
        for _ in 0..<integer(at: end + 10, size: 2) {
            guard position + 46 <= bytes.count, integer(at: position, size: 4) == 0x0201_4B50 else {
                throw .damaged("its directory is cut off")
            }
            let nameLength = integer(at: position + 28, size: 2)
            guard position + 46 + nameLength <= bytes.count else {
                throw .damaged("its directory is cut off")
            }
            let name = String(
                decoding: bytes[(position + 46)..<(position + 46 + nameLength)], as: UTF8.self)
            entries[name] = Entry(
                method: integer(at: position + 10, size: 2),
                checksum: UInt32(integer(at: position + 16, size: 4)),
                packedSize: integer(at: position + 20, size: 4), size: integer(at: position + 24, size: 4),
                offset: integer(at: position + 42, size: 4))
            let tail = integer(at: position + 30, size: 2) + integer(at: position + 32, size: 2)
            position += 46 + nameLength + tail
        }
    }

    private func integer(at position: Int, size: Int) -> Int {
        guard position >= 0, position + size <= bytes.count else { return 0 }
        return (0..<size).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    /// The unpacked entry, its CRC-32 checked; nil where there is none of this name.
    package func contents(of name: String) throws(ArchiveError) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        let local = entry.offset
        guard local + 30 <= bytes.count, integer(at: local, size: 4) == 0x0403_4B50 else {
            throw .damaged("\(name) is not where the directory says")
        }
        let start = local + 30 + integer(at: local + 26, size: 2) + integer(at: local + 28, size: 2)
        guard start + entry.packedSize <= bytes.count, entry.size <= Self.largestEntry else {
            throw .damaged("\(name) is larger than the file")
        }
        let packed = Array(bytes[start..<(start + entry.packedSize)])
        let result =
            entry.method == 0 ? packed : Self.inflated(packed, method: entry.method, size: entry.size)
        guard let result, Self.checksum(result) == entry.checksum else {
            throw .damaged("\(name) does not unpack to its checksum")
        }
        return result
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: crc32(0, buffer.baseAddress, UInt32(buffer.count)))
        }
    }

    private static func inflated(_ packed: [UInt8], method: Int, size: Int) -> [UInt8]? {
        // A deflate stream grows at most 1032-fold.
        guard method == 8, size <= packed.count * 1032 + 64 else { return nil }
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

/// Why an archive cannot be read.
package enum ArchiveError: ExplainedError, Hashable {
    case damaged(String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .damaged(let reason):
            Explanation("the archive is damaged (\(reason))", remedy: "give a complete file")
        }
    }
}
