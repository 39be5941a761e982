import Crystallography
import Testing

/// Numbers without physics are refused at the edge.
@Suite struct LimitsTests {
    @Test(arguments: [
        (4.0, 5.0, 6.0, 90.0, 90.0, 200.0), (4, 5, 6, 120, 120, 120), (4, 5, 6, 10, 10, 90),
        (4, 5, 6, 90, 90, 0),
        (0, 5, 6, 90, 90, 90), (4e-10, 5e-10, 6e-10, 90, 90, 90), (4, 5, 1e6, 90, 90, 90),
        (4, .nan, 6, 90, 90, 90),
        (4, 5, 6, 90, 90, .infinity),
    ])
    func impossibleCellsThrow(a: Double, b: Double, c: Double, alpha: Double, beta: Double, gamma: Double) {
        #expect(throws: LatticeError.self) {
            try Lattice(checking: a, b, c, alpha: alpha, beta: beta, gamma: gamma)
        }
    }

    @Test func possibleCellsAreThoseOfTheUncheckedInitializer() throws {
        let checked = try Lattice(checking: 4, 5, 6, alpha: 80, beta: 95, gamma: 120)
        #expect(checked == Lattice(a: 4, b: 5, c: 6, alpha: 80, beta: 95, gamma: 120))
    }

    @Test func aRadiationHasALine() {
        #expect(Radiation(lines: []) == nil)
        let doublet = Radiation(
            first: SpectralLine(wavelength: 1.5406), others: [SpectralLine(wavelength: 1.5444, weight: 0.5)])
        #expect(doublet.wavelength == 1.5406)
        #expect(doublet.shortestWavelength == 1.5406)
        var stretched = doublet
        stretched.stretch(by: 2)
        #expect(stretched.lines.map(\.wavelength) == [3.0812, 3.0888])
    }
}
