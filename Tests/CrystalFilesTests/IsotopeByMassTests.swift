import CrystalFiles
import Crystallography
import Testing

/// ASE knows deuterium by the mass of the atom alone.
@Suite("Nuclides by masses") struct IsotopeByMassTests {
    private func json(_ masses: String) throws -> [Species] {
        let text = """
            {"numbers": [1, 3, 8], "positions": [[0, 0, 0], [2, 0, 0], [0, 2, 0]],
             "cell": [[5, 0, 0], [0, 5, 0], [0, 0, 5]], "pbc": [true, true, true], "masses": [\(masses)]}
            """
        let record = try #require(try StructureJSONFile.parse(text, name: "x.json").first)
        return record.structure.sites.compactMap { $0.occupants.first?.species }
    }

    @Test(
        "a mass that only a nuclide has names it; the natural mixture's and a chosen one name none",
        arguments: [
            ("2.014, 6.94, 15.999", ["D", "Li", "O"]), ("3.01605, 7.016, 17.99916", ["T", "7Li", "18O"]),
            ("1.008, 6.941, 15.9994", ["H", "Li", "O"]), ("3.024, 20, 0", ["H", "Li", "O"]),
        ])
    func masses(text: String, symbols: [String]) throws { #expect(try json(text).map(\.symbol) == symbols) }

    @Test("as many masses as atoms")
    func count() { #expect(throws: CrystalFileError.self) { try json("2.014, 7.016") } }

    @Test("a column of masses in extended XYZ, beside which a mass number counts")
    func extendedXYZ() throws {
        let text = """
            2
            Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3:masses:R:1 pbc="T T T"
            H 0 0 0 2.014
            H 2 0 0 1.008
            """
        let record = try #require(try ExtendedXYZFile.parse(text, name: "x.xyz").first)
        #expect(record.structure.sites.compactMap { $0.occupants.first?.species.symbol } == ["D", "H"])
    }
}
