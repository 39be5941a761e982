import Publishing
import Testing

@Suite struct TextTableTests {
    @Test func tablesBecomeTabSeparatedText() {
        let table = TextTable(
            columns: [.init("name"), .init("B", unit: "Å²", alignment: .number)], rows: [["O1\tx", "1.2(3)"]])
        #expect(table.tabSeparated == "name\tB/Å²\nO1 x\t1.2(3)\n")
    }

    private static let table = TextTable(
        columns: [.init("name"), .init("B", unit: "Å²", alignment: .number)],
        rows: [["O1", "1.25"], ["Pb", "0.5"]], note: "Isotropic.")

    @Test func columnsOfATerminalStandUnderEachOther() {
        #expect(Self.table.padded == "name  B/Å²\nO1    1.25\nPb    0.5")
        #expect(TextTable.padded(["a", ""], [["long", ""]]) == "a\nlong")
    }

    @Test("aligned columns end where the longest of them ends, numbers on the right, and nothing is lost")
    func aligned() {
        let lines = Self.table.aligned
        #expect(lines == ["name  B/Å²", "O1    1.25", "Pb     0.5"])
        let words = lines.map { $0.split(separator: " ").map(String.init) }
        #expect(Array(words.dropFirst()) == Self.table.rows)
    }

    @Test func markdownHasAlignmentAndNote() {
        #expect(
            Self.table.markdown
                == "| name | B (Å²) |\n| --- | ---: |\n| O1 | 1.25 |\n| Pb | 0.5 |\n\nIsotropic.")
    }
}
