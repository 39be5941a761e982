import CrystalFiles
import Crystallography
import Foundation
import NumericalMethods
import Testing

@Suite("Numbers and words of text files") struct TextNumberTests {
    @Test("a number that is written out reads back to the same bits, with e, E, d and D for its exponent")
    func roundTrip() {
        var random = RandomStream(seed: 3)
        for _ in 0..<2000 {
            let value = random.uniform(-1, 1) * pow(10, random.uniform(-30, 30))
            let text = "\(value)"
            #expect(TextNumber.double(text) == value)
            for letter in ["E", "d", "D"] {
                #expect(TextNumber.double(text.replacing("e", with: letter)) == value)
            }
        }
    }

    @Test(
        "what is no finite decimal number is none",
        arguments: ["", "nan", "inf", "infinity", "0x10", "1e999", "1,5", "1 2", "--1", "1e", ".", "½"])
    func refused(text: String) { #expect(TextNumber.double(text) == nil) }

    @Test(
        "TextNumber.measured reads what MeasuredValue writes: value and uncertainty to the digits that stand there"
    )
    func measured() throws {
        var random = RandomStream(seed: 4)
        for _ in 0..<500 {
            let uncertainty = pow(10, random.uniform(-6, -1))
            let value = MeasuredValue(random.uniform(-20, 20), uncertainty: uncertainty)
            let read = try #require(TextNumber.measured(value.text))
            let sigma = try #require(read.uncertainty)
            // Two digits of an uncertainty at least up to 19, rounded.
            #expect(abs(sigma / uncertainty - 1) < 0.06 || abs(sigma - uncertainty) < 0.5 * sigma)
            #expect(abs(read.value - value.value) <= sigma)
            #expect(MeasuredValue(read.value, uncertainty: sigma).text == value.text)
        }
        #expect(TextNumber.measured("5.1234(7)").map { [$0.value, $0.uncertainty ?? 0] } == [5.1234, 7e-4])
        #expect(TextNumber.measured("12(3)")?.uncertainty == 3)
        #expect(TextNumber.measured("1.5e3(2)")?.uncertainty == 200)
        #expect(TextNumber.measured("5.12(x)") == nil)
    }

    @Test(
        "CIFWord.quoted: any text reads back as it was, whatever quotes, brackets and reserved words it has")
    func words() throws {
        var random = RandomStream(seed: 5)
        let letters = Array("ab1'\"_#$;[]? .loop_data_")
        var texts = [
            "loop_", "data_x", "?", ".", "'", "\"", "a'b\"c", "; x", "_tag", "don't", "a\nb", "stop_", "x;",
            "#1",
        ]
        for _ in 0..<300 {
            let count = 1 + random.index(below: 12)
            texts.append(String((0..<count).map { _ in letters[random.index(below: letters.count)] }))
        }
        for text in texts where text == text.trimmingCharacters(in: .whitespaces) {
            guard text.contains(where: { $0 != " " }) else { continue }
            let cif = "data_x\n_chemical_name_common \(CIFWord.quoted(text))\n_cell_length_a 1\n"
            let block = try #require(try CIFDocument(parsing: cif, file: "x.cif").blocks.first)
            #expect(
                block.text("_chemical_name_common") == text, "\(text)")
            #expect(block.text("_cell_length_a") == "1", "\(text)")
        }
    }

    @Test(
        "CIFWord.number: what decimal arithmetic left behind goes, and nothing beyond the last 16 units of a number"
    )
    func numbers() {
        #expect(CIFWord.number(MeasuredValue(0.1 + 0.2)) == "0.3")
        #expect(CIFWord.number(MeasuredValue(1 - 0.9)) == "0.1")
        var random = RandomStream(seed: 6)
        for _ in 0..<500 {
            let value = random.uniform(-10, 10)
            let read = TextNumber.double(CIFWord.number(MeasuredValue(value))) ?? .nan
            #expect(abs(read - value) <= 16 * max(abs(value), 0.1).ulp)
        }
    }
}

@Suite("Decimal marks of column files") struct DecimalStyleTests {
    private static func numbers(_ lines: [String]) throws -> [[Double?]] {
        let lines = lines.map { Substring($0) }
        let style = try DecimalStyle(lines, file: "x.txt")
        return lines.map { style.fields(of: $0).map { style.number($0) } }
    }

    @Test("one table with decimal points or commas, and any separator between, is one table")
    func oneTable() throws {
        var random = RandomStream(seed: 8)
        let rows = (0..<20).map { k in
            [
                10 + 0.5 * Double(k), (1000 * random.uniform()).rounded() / 8,
                1 + random.uniform().rounded() / 4,
            ]
        }
        for separator in ["\t", "  ", ";", " ; "] {
            let points = rows.map { $0.map { "\($0)" }.joined(separator: separator) }
            let commas = points.map { $0.replacing(".", with: ",") }
            #expect(try Self.numbers(points) == rows)
            #expect(try Self.numbers(commas) == rows)
        }
        let separated = rows.map { $0.map { "\($0)" }.joined(separator: ",") }
        #expect(try Self.numbers(separated) == rows)
    }

    @Test("a comma that may be a decimal mark or one of thousands is not guessed")
    func refused() {
        #expect(throws: CrystalFileError.self) { try Self.numbers(["10.5 1,234", "11.0 1,300"]) }
        #expect(throws: CrystalFileError.self) { try Self.numbers(["10 1,234", "11 1,300"]) }
        #expect(throws: CrystalFileError.self) { try Self.numbers(["10,5,1,5"]) }
    }
}
