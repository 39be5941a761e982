import Publishing
import Testing

@Suite struct TextTableTests {
    @Test func tablesBecomeTabSeparatedText() {
        let table = TextTable(
            columns: [.init("name"), .init("B", unit: "Å²", alignment: .number)], rows: [["O1\tx", "1.2(3)"]])
        #expect(table.tabSeparated == "name\tB/Å²\nO1 x\t1.2(3)\n")
    }
}
