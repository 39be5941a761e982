import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Recovery
import Testing

@Suite("SecondSpectralLine") struct SecondSpectralLineTests {
    /// Counts of a cubic cell's lines: of Kα₁ alone, or with Kα₂ at half of it.
    private func counts(of radiation: Radiation, cell: Double = 5.43, width: Double = 0.12) -> PowderPattern {
        var random = RandomStream(seed: 5)
        var lines: [(angle: Double, height: Double)] = []
        for (n, height) in [
            (3, 900.0), (8, 600), (11, 350), (16, 150), (19, 250), (24, 300), (27, 180), (32, 90), (35, 160),
        ] {
            for line in radiation.lines {
                let sine = line.wavelength * Double(n).squareRoot() / (2 * cell)
                lines.append((2 * asin(sine) * 180 / .pi, 10 * height * line.weight))
            }
        }
        let angles = (0..<6500).map { 15 + 0.02 * Double($0) }
        return PowderPattern(
            twoTheta: angles,
            intensity: angles.map { x in
                let mean = lines.reduce(100.0) {
                    $0 + $1.height * exp(-4 * log(2) * pow((x - $1.angle) / width, 2))
                }
                return (mean + mean.squareRoot() * random.normal()).rounded()
            })
    }

    private func isSeen(_ pattern: PowderPattern, _ wavelength: Double) -> Bool? {
        SecondSpectralLine(
            pattern, radiation: Radiation(wavelength: wavelength), settings: RecoverySettings.Lines())?.isSeen
    }

    @Test(
        "companions of half the height at Kα₂ are seen, whether Kα₁ or the mean was given",
        arguments: [1.54056, 1.5406, 1.5418])
    func doublet(wavelength: Double) throws {
        let radiation = try Wavelength.radiation(named: "CuKa")
        #expect(isSeen(counts(of: radiation), wavelength) == true)
    }

    @Test("a monochromatic pattern has none, and lines too broad to show any say nothing")
    func single() throws {
        #expect(isSeen(counts(of: try Wavelength.radiation(named: "CuKa1")), 1.54056) == false)
        #expect(isSeen(counts(of: try Wavelength.radiation(named: "CuKa"), width: 0.9), 1.54056) == false)
    }

    @Test("no anode, neutrons, or both lines given: nothing is asked")
    func unasked() throws {
        let pattern = counts(of: try Wavelength.radiation(named: "CuKa"))
        #expect(isSeen(pattern, 1.2) == nil)
        let settings = RecoverySettings.Lines()
        #expect(
            SecondSpectralLine(
                pattern, radiation: Radiation(.neutron, wavelength: 1.54056), settings: settings) == nil)
        #expect(
            SecondSpectralLine(
                pattern, radiation: try Wavelength.radiation(named: "CuKa"), settings: settings) == nil)
    }
}
