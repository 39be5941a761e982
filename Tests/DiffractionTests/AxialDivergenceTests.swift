import Crystallography
import Diffraction
import Foundation
import Parameterization
import Symmetry
import Testing

@Suite("Axial divergence") struct AxialDivergenceTests {
    /// Area and centroid (° 2θ) of silicon's only peak between 22 and 29°.
    private static func moments(
        axial: AxialDivergence? = nil, equatorial: Double = 0
    ) throws -> (area: Double, centroid: Double) {
        let group = try #require(SpaceGroup(hallNumber: 523))
        let silicon = try #require(Element(symbol: "Si"))
        let structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 6, b: 6, c: 6, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(silicon, at: .zero, label: "Si1")])
        let grid = stride(from: 22.0, through: 29.0, by: 0.002).map { $0 }
        let instrument = Instrument(
            radiation: Radiation(wavelength: 1.5406), shape: .gaussian, widths: PeakWidths(w: 0.01),
            axial: axial, equatorialDivergence: equatorial, radius: 10)
        let y = try PowderCalculation(
            PowderModel(phases: [.init(structure)], instrument: instrument), twoTheta: grid
        ).calculated
        let area = y.reduce(0, +)
        return (area, zip(grid, y).reduce(0) { $0 + $1.0 * $1.1 } / area)
    }

    /// For small S and H the offset is uniform over each, so that ⟨h²⟩ = (S² + H²)/3 and the centroid moves by
    /// −½ ⟨h²⟩ cot2θ.
    @Test("shifts the centroid by −(S² + H²) cot2θ / 6 and keeps the area")
    func centroid() throws {
        let plain = try Self.moments()
        for (s, h) in [(0.01, 0.01), (0.015, 0.005), (0.004, 0.02)] {
            let spread = try Self.moments(axial: AxialDivergence(sample: s, slit: h))
            #expect(abs(spread.area / plain.area - 1) < 1e-9)
            let expected = -(s * s + h * h) / (6 * tan(plain.centroid * .pi / 180)) * 180 / .pi
            #expect(abs(spread.centroid - plain.centroid - expected) < 0.01 * abs(expected))
        }
    }

    /// ⟨t²⟩ = ⅓ of the half angle's share t, so that the centroid moves by −β² cotθ/6; and of a Soller slit's triangle
    /// ⟨β²⟩ = β²/6, so that it moves by −β² cot2θ/12 beside what S and H do: the cross term has the mean 0.
    @Test("flat samples shift the centroid by −β² cotθ/6, Soller slits by −β² cot2θ/12")
    func beams() throws {
        let plain = try Self.moments()
        let angle = plain.centroid * .pi / 180
        for divergence in [0.5, 1.5] {
            let flat = try Self.moments(axial: nil, equatorial: divergence)
            let beta = divergence * .pi / 180
            let expected = -beta * beta / (6 * tan(angle / 2)) * 180 / .pi
            #expect(abs(flat.area / plain.area - 1) < 1e-9)
            #expect(abs(flat.centroid - plain.centroid - expected) < 0.01 * abs(expected))
        }
        let parallel = try Self.moments(axial: AxialDivergence(sample: 0.01, slit: 0.005), equatorial: 0)
        let soller = try Self.moments(
            axial: AxialDivergence(sample: 0.01, slit: 0.005, incident: 1.5), equatorial: 0)
        let beta = 1.5 * Double.pi / 180
        let expected = -beta * beta / (12 * tan(angle)) * 180 / .pi
        #expect(abs(soller.area / plain.area - 1) < 1e-9)
        let shift = soller.centroid - parallel.centroid
        #expect(abs(shift - expected) < 0.03 * abs(expected), "\(shift), expected \(expected)")
    }
}
