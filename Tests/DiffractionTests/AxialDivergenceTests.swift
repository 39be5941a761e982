import Crystallography
import Diffraction
import Foundation
import Parameterization
import Symmetry
import Testing

@Suite("Axial divergence") struct AxialDivergenceTests {
    /// For small S and H the offset is uniform over each, so that ⟨h²⟩ = (S² + H²)/3 and the centroid moves by
    /// −½ ⟨h²⟩ cot2θ.
    @Test("shifts the centroid by −(S² + H²) cot2θ / 6 and keeps the area")
    func centroid() throws {
        let group = try #require(SpaceGroup(hallNumber: 523))
        let lattice = Lattice(a: 6, b: 6, c: 6, alpha: 90, beta: 90, gamma: 90)
        let silicon = try #require(Element(symbol: "Si"))
        let structure = ReducedStructure(
            spaceGroup: group, lattice: lattice, asymmetricSites: [Site(silicon, at: .zero, label: "Si1")])
        let grid = stride(from: 22.0, through: 29.0, by: 0.002).map { $0 }
        func moments(_ axial: AxialDivergence?) throws -> (area: Double, centroid: Double) {
            let instrument = Instrument(
                radiation: Radiation(wavelength: 1.5406), shape: .gaussian, widths: PeakWidths(w: 0.01),
                axial: axial,
                radius: 10)
            let y = try PowderCalculation(
                PowderModel(phases: [.init(structure)], instrument: instrument), twoTheta: grid
            ).calculated
            let area = y.reduce(0, +)
            return (area, zip(grid, y).reduce(0) { $0 + $1.0 * $1.1 } / area)
        }
        let plain = try moments(nil)
        for (s, h) in [(0.01, 0.01), (0.015, 0.005), (0.004, 0.02)] {
            let spread = try moments(AxialDivergence(sample: s, slit: h))
            #expect(abs(spread.area / plain.area - 1) < 1e-9)
            let expected = -(s * s + h * h) / (6 * tan(plain.centroid * .pi / 180)) * 180 / .pi
            #expect(abs(spread.centroid - plain.centroid - expected) < 0.01 * abs(expected))
        }
    }
}
