import CrystalFiles
import Crystallography
import Testing

/// A carriage return with its line feed is one Character in Swift: neither "\r" nor "\n" is found in it. The fuzzer of JSON met it.
@Suite("Line breaks inside of names and titles")
struct LineBreakTests {
    private static let breaks = ["\n", "\r", "\r\n", "\u{2028}", "\u{0B}"]

    @Test("an error stays one line, whatever a file's text holds", arguments: breaks)
    func errors(lineBreak: String) {
        let error = CrystalFileError(
            file: "a\(lineBreak)b", line: 3, problem: "\"N\(lineBreak)a\" is no element", remedy: "write Na")
        #expect(!error.description.unicodeScalars.contains { $0.properties.isPatternWhitespace && $0 != " " })
        #expect(error.description == "a b:3: \"N a\" is no element; write Na")
    }

    @Test("a title of several lines is one line in POSCAR and extended XYZ", arguments: breaks)
    func titles(lineBreak: String) throws {
        let lattice = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        let sodium = try #require(Element(symbol: "Na"))
        let structure = CrystalStructure(
            title: "first\(lineBreak)second", lattice: lattice, sites: [Site(sodium, at: .zero)])
        let poscar = try POSCARFile.serialise(structure)
        #expect(poscar.split(whereSeparator: \.isNewline).first == "first second")
        #expect(try POSCARFile.parse(poscar, name: "p").count == 1)
        let xyz = try ExtendedXYZFile.serialise([structure])
        #expect(xyz.split(whereSeparator: \.isNewline).count == 3)
        #expect(try ExtendedXYZFile.parse(xyz, name: "x").count == 1)
    }

    @Test("a pattern's title of several lines is one comment", arguments: breaks)
    func patterns(lineBreak: String) throws {
        let pattern = PowderPattern(
            title: "first\(lineBreak)second", twoTheta: [1, 2, 3], intensity: [1, 2, 1])
        let text = PowderPatternFile.serialise(pattern)
        #expect(text.hasPrefix("# first second\n"))
        #expect(try PowderPatternFile.parse(Array(text.utf8), name: "p.xy").intensity == [1, 2, 1])
    }
}
