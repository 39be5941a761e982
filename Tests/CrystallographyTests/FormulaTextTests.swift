import Crystallography
import Testing

@Suite("Formula from text") struct FormulaTextTests {
    private func counts(_ text: String) throws -> [String: Double] {
        try Formula(parsing: text).parts.reduce(into: [:]) { $0[$1.symbol] = $1.count }
    }

    @Test(
        "brackets, numbers, parts between dots are multiplied out",
        arguments: [
            ("PbSO4", ["Pb": 1, "S": 1, "O": 4]), ("Ca5(PO4)3F", ["Ca": 5, "P": 3, "O": 12, "F": 1]),
            ("Fe0.95O", ["Fe": 0.95, "O": 1]), ("CuSO4·5H2O", ["Cu": 1, "S": 1, "O": 9, "H": 10]),
            ("K2[Fe(CN)6]", ["K": 2, "Fe": 1, "C": 6, "N": 6]), ("CoCO", ["Co": 1, "C": 1, "O": 1]),
        ] as [(String, [String: Double])])
    func multipliedOut(text: String, expected: [String: Double]) throws {
        #expect(try counts(text) == expected)
    }

    @Test("commas between elements without numbers are equal shares, with numbers nothing but commas")
    func shares() throws {
        #expect(
            try counts("Li(Ni,Mn,Co)O2") == ["Li": 1, "Ni": 1 / 3.0, "Mn": 1 / 3.0, "Co": 1 / 3.0, "O": 2])
        #expect(try counts("(Mg,Fe)2SiO4") == ["Mg": 1, "Fe": 1, "Si": 1, "O": 4])
        #expect(try counts("(Mg0.9,Fe0.1)2SiO4") == ["Mg": 1.8, "Fe": 0.2, "Si": 1, "O": 4])
        #expect(throws: FormulaError.self) { try Formula(parsing: "Mg,Fe") }
    }

    @Test(
        "what is no formula is refused in one line with a remedy",
        arguments: ["", "pbso4", "Ca(PO4", "Xx2", "O0", "Ca)", "4", "Na-Cl"])
    func refused(text: String) {
        #expect(throws: FormulaError.self) { try Formula(parsing: text) }
    }
}
