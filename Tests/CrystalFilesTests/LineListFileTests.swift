import CrystalFiles
import Foundation
import Testing

@Suite("LineListFile") struct LineListFileTests {
    private func read(_ text: String) throws -> LineListFile {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try LineListFile(readingFrom: file.path, positions: 0.01...179.9, meaning: "2θ in degrees")
    }

    @Test("one, two or three numbers a row; comments, blank lines and commas are passed over")
    func rows() throws {
        let list = try read("# list\n\n27.4, 100, 0.01\n36.1\t45 ! weak\n54.3 # last\n")
        #expect(list.rows.map(\.position) == [27.4, 36.1, 54.3])
        #expect(list.rows.map(\.intensity) == [100, 45, nil])
        #expect(list.rows.map(\.sigma) == [0.01, nil, nil])
    }

    @Test(
        "what is no list is refused with its line",
        arguments: [
            ("27.4\nabc\n", 2), ("27.4 1 0.01 7\n", 1), ("270\n", 1), ("27.4 1 -0.01\n", 1),
            ("27.4 nan\n", 1),
        ])
    func refused(text: String, line: Int) {
        let error = #expect(throws: CrystalFileError.self) { try read(text) }
        #expect(error?.description.contains(":\(line):") == true)
    }

    @Test("a file without any line is refused")
    func empty() {
        #expect(throws: CrystalFileError.self) { try read("# nothing\n") }
    }
}
