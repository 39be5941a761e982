import Archives
import Foundation
import Testing

@Suite("GzipStream") struct GzipStreamTests {
    /// "wyckoff\n" as gzip 1.12 writes it (`printf 'wyckoff\n' | gzip -n`).
    private static let packed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x2B, 0xAF, 0x4C, 0xCE, 0xCE, 0x4F, 0x4B,
        0xE3, 0x02, 0x00, 0x48, 0x9C, 0xA8, 0x26, 0x08, 0x00, 0x00, 0x00,
    ]

    private static func read(_ bytes: [UInt8]) throws -> (text: String, status: Int) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(bytes).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let stream = try #require(GzipStream(path: path.path))
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = buffer.withUnsafeMutableBytes { raw in
            raw.baseAddress.map { stream.read(into: $0, count: 64) } ?? -1
        }
        return (String(decoding: buffer.prefix(max(0, count)), as: UTF8.self), count)
    }

    @Test("a packed file is unpacked, a plain one read as it stands") func both() throws {
        #expect(try Self.read(Self.packed).text == "wyckoff\n")
        #expect(try Self.read(Array("plain\n".utf8)).text == "plain\n")
    }

    @Test("a packed file that is cut is told from one that ended") func cut() throws {
        #expect(try Self.read(Array(Self.packed.dropLast(6))).status < 0)
    }

    @Test("a file that is not there cannot be opened") func missing() {
        #expect(GzipStream(path: "/nowhere/at/all") == nil)
    }
}
