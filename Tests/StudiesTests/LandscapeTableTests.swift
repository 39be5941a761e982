import Foundation
import Testing

import Studies

/// The table of a landscape study after a run that was killed (REVIEW.md, 4.9).
@Suite struct LandscapeTableTests {
    static let line =
        "a\tcubic\tcosine\t0.0\t90.0\ta\tlength\texact\trange\t3\t1\t2\t0.1\t0.4\t0\t0.2\t0\tmulti-funnel\tsame"

    static func row(_ structure: String, _ axis: String) throws -> LandscapeStudy.Row {
        var row = try #require(LandscapeStudy.Row(line: line))
        (row.structure, row.axis) = (structure, axis)
        return row
    }

    static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("axes-\(UUID().uuidString).tsv").path
    }

    @Test("a torn line is taken out, so that the next row is not glued to it")
    func torn() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let table = try LandscapeTable(path: path) { _ in nil }
            try table.append([try Self.row("a", "a"), try Self.row("b", "a")])
        }
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        // Cut anywhere in the last line, its newline alone too: a last word cut short would still read as a row.
        for cut in [1, 2, 5, 40] {
            try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
            #expect(try LandscapeStudy.Row.read(URL(fileURLWithPath: path)).map(\.structure) == ["a"])
            let table = try LandscapeTable(path: path) { _ in nil }
            #expect(table.rows.map(\.structure) == ["a"])
            #expect(table.dropped == 1)
            try table.append([try Self.row("b", "a")])
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == whole)
        }
    }

    @Test("a structure of which not every axis was written is done again")
    func incomplete() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let table = try LandscapeTable(path: path) { _ in nil }
            try table.append([try Self.row("a", "a"), try Self.row("a", "c"), try Self.row("b", "a")])
        }
        let table = try LandscapeTable(path: path) { ["a": 2, "b": 2][$0] }
        #expect(table.rows.map(\.structure) == ["a", "a"])
        #expect(table.dropped == 1)
        #expect(try LandscapeStudy.Row.read(URL(fileURLWithPath: path)).count == 2)
    }

    @Test("two runs do not write one table")
    func locked() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let first = try LandscapeTable(path: path) { _ in nil }
        let error = #expect(throws: StudyError.self) { try LandscapeTable(path: path) { _ in nil } }
        #expect(error?.description.contains("another run") == true)
        try first.append([try Self.row("a", "a")])
    }

    @Test("numbers that are none make no row")
    func nonsense() {
        for (field, text) in [(3, "nan"), (4, "1e300"), (4, "inf"), (9, "-1"), (9, "x")] {
            var fields = Self.line.split(separator: "\t").map(String.init)
            fields[field] = text
            #expect(LandscapeStudy.Row(fields: fields) == nil)
        }
    }
}
