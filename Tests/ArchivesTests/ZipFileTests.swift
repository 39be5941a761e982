import Archives
import Testing

@Suite("ZipFile") struct ZipFileTests {
    /// CRC-32 as PKWARE's APPNOTE has it, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = .max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }

    private static func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// An archive of stored entries.
    private static func archive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var (body, directory): ([UInt8], [UInt8]) = ([], [])
        for entry in entries {
            let name = Array(entry.name.utf8)
            let sizes =
                number(Int(checksum(entry.bytes)), 4) + number(entry.bytes.count, 4)
                + number(entry.bytes.count, 4) + number(name.count, 2)
            directory +=
                number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + number(0, 8) + sizes
                + number(0, 12) + number(body.count, 4) + name
            body +=
                number(0x0403_4B50, 4) + number(20, 2) + number(0, 8) + sizes + number(0, 2) + name
                + entry.bytes
        }
        return body + directory + number(0x0605_4B50, 4) + number(0, 4) + number(entries.count, 2)
            + number(entries.count, 2) + number(directory.count, 4) + number(body.count, 4) + number(0, 2)
    }

    private static let entries: [(name: String, bytes: [UInt8])] = [
        ("b/counts.txt", Array("1 2 3\n".utf8)), ("a.xml", Array("<x/>".utf8)), ("empty", []),
    ]

    @Test("every stored entry comes back as it was, by its name") func entries() throws {
        let bytes = Self.archive(Self.entries)
        #expect(ZipFile.matches(bytes))
        let zip = try ZipFile(bytes)
        #expect(zip.names == ["a.xml", "b/counts.txt", "empty"])
        for entry in Self.entries { #expect(try zip.contents(of: entry.name) == entry.bytes) }
        #expect(try zip.contents(of: "c") == nil)
    }

    @Test("a byte of an entry that changed is seen by the checksum") func damage() throws {
        var bytes = Self.archive(Self.entries)
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "1")))
        bytes[place] = UInt8(ascii: "7")
        let zip = try ZipFile(bytes)
        #expect(throws: ArchiveError.self) { _ = try zip.contents(of: "b/counts.txt") }
    }

    @Test("an archive cut anywhere is refused or misses nothing in silence") func cuts() {
        let bytes = Self.archive(Self.entries)
        for count in 0..<bytes.count {
            #expect(throws: ArchiveError.self, "\(count) of \(bytes.count)") {
                let zip = try ZipFile(Array(bytes.prefix(count)))
                for entry in Self.entries { _ = try zip.contents(of: entry.name) }
            }
        }
    }
}
