import Crystallography
import Diffraction
import Foundation
import Parameterization
import Symmetry
import Testing

@Suite("Widths of emission lines") struct EmissionLineTests {
    /// Δ2θ = 2 tanθ Δλ/λ, the differential of Bragg's law.
    @Test("a peak of an emission line has the FWHM 2 tanθ Δλ/λ", arguments: [60.0, 100])
    func width(center: Double) throws {
        let group = try SpaceGroup.find("P m -3 m")
        let silicon = try #require(Element(symbol: "Si"))
        let d = 1.5406 / (2 * sin(center * .pi / 360))
        let structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: d, b: d, c: d, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(silicon, at: .zero, label: "Si1")])
        let line = SpectralLine(wavelength: 1.5406, width: 0.0005)
        let instrument = Instrument(
            radiation: Radiation(first: line), shape: .lorentzian, widths: PeakWidths(x: 0), radius: 400)
        let grid = stride(from: center - 1, through: center + 1, by: 0.0005).map { $0 }
        let y = try PowderCalculation(
            PowderModel(phases: [.init(structure)], instrument: instrument), twoTheta: grid
        ).calculated
        let top = try #require(y.max())
        let above = grid.indices.filter { y[$0] >= top / 2 }.map { grid[$0] }
        let measured = try #require(above.last) - above[0]
        let expected = 2 * tan(center * .pi / 360) * 0.0005 / 1.5406 * 180 / .pi
        #expect(abs(measured - expected) < 0.002, "\(measured), expected \(expected)")
    }

    @Test("copper's emission lies where its named lines lie") func copper() throws {
        let copper = try #require(Element(symbol: "Cu"))
        let lines = try #require(Wavelength.emission(anode: copper))
        let named = try #require(Wavelength.lines(anode: copper))
        #expect(abs(lines[0].wavelength - named.kAlpha1) < 1e-5)
        #expect(lines.contains { abs($0.wavelength - named.kAlpha2) < 5e-5 })
        #expect(lines.allSatisfy { $0.width > 0 && $0.weight > 0 })
        #expect(Wavelength.emission(anode: try #require(Element(symbol: "Mo"))) == nil)
    }
}
