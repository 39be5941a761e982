import Foundation
import Studies
import Testing

struct RecoveryReferenceTests {
    private func structure(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(
            contentsOf: root.appendingPathComponent("Data/structures/\(name).cif"), encoding: .utf8)
    }

    private func read(_ text: String) throws -> [RecoveryReference] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".cif")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try RecoveryReference.read([file.path])
    }

    @Test("of a file of several structures each is taken, under its own name; one alone has the file's name")
    func everyRecordIsAReference() throws {
        let (first, second) = try (structure("pbso4"), structure("nac"))
        let both = try read(first + "\n" + second)
        #expect(both.map(\.reduced.freeCoordinates.count) == [11, 10])
        #expect(Set(both.map(\.name)).count == 2)
        let alone = try read(first)
        #expect(alone.count == 1)
        #expect(UUID(uuidString: alone.first?.name ?? "") != nil)
    }

    @Test("two structures of one name are refused: runs are stored by name")
    func namesAreUnique() throws {
        let text = try structure("pbso4")
        #expect(throws: StudyError.self) { try read(text + "\n" + text) }
    }
}
