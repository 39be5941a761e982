import Crystallography
import Diffraction
import ExtinctionSymbols
import Refinement
import Testing

@Suite("ExtinctionError") struct ExtinctionErrorTests {
    @Test("a pattern that shows two lines of a cell is refused, with the number of lines and a remedy")
    func tooFewLines() throws {
        let grid = (0..<300).map { 20 + Double($0) * 0.02 }
        let data = PawleyFit.Data(
            twoTheta: grid, net: [Double](repeating: 1, count: 300),
            weights: [Double](repeating: 1, count: 300), radiation: Radiation(wavelength: 1.5405929))
        let cubic = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        let error = #expect(throws: ExtinctionError.self) {
            _ = try ExtinctionSymbolSearch().rank(data, axes: CellAxes(cubic), width: 0.1)
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("too few"))
    }
}
