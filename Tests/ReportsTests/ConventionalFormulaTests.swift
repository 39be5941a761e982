import Crystallography
import Reports
import Testing

@Suite struct ConventionalFormulaTests {
    @Test(
        "formulas stand as chemists write them, whatever order the file has",
        arguments: [
            ("F3GeTl", "TlGeF3"), ("FNa", "NaF"), ("O4PbS", "PbSO4"), ("O3CaC", "CaCO3"), ("AsGa", "GaAs"),
            ("O12FP3Ca5", "Ca5P3O12F"), ("OD2", "D2O"),
        ])
    func order(given: String, expected: String) throws {
        #expect(try Formula(parsing: given).conventional == expected)
    }
}
