import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Recovery
import Testing

@Suite("BetaLines") struct BetaLinesTests {
    /// Counts of a primitive cubic cell under Kα₁, with Kβ as a share of it.
    private func counts(beta share: Double) throws -> PowderPattern {
        let beta = try #require(Wavelength.beta(near: 1.5406))
        var random = RandomStream(seed: 7)
        var lines: [(angle: Double, height: Double)] = []
        for (n, height) in [(2, 20_000.0), (3, 12_000), (4, 3000), (6, 5000), (8, 4000), (11, 3500)] {
            for (wavelength, weight) in [(1.5406, 1), (beta, share)] {
                let sine = wavelength * Double(n).squareRoot() / (2 * 4.2)
                lines.append((2 * asin(sine) * 180 / .pi, height * weight))
            }
        }
        let angles = (0..<4000).map { 15 + 0.02 * Double($0) }
        return PowderPattern(
            twoTheta: angles,
            intensity: angles.map { x in
                let mean = lines.reduce(60.0) {
                    $0 + $1.height * exp(-4 * log(2) * pow((x - $1.angle) / 0.12, 2))
                }
                return (mean + mean.squareRoot() * random.normal()).rounded()
            })
    }

    private func found(_ pattern: PowderPattern, _ radiation: Radiation) -> [Double] {
        let settings = RecoverySettings.Lines()
        let peaks = PeakSearch(settings: settings)(pattern, radiation: radiation)
        return BetaLines(peaks, radiation: radiation, settings: settings).indices.map {
            peaks.peaks[$0].twoTheta
        }
    }

    @Test("two per cent of Kβ are seen at the strong lines, at sin θ · λβ/λα")
    func seen() throws {
        let angles = found(try counts(beta: 0.02), Radiation(wavelength: 1.5406))
        #expect(angles.count >= 2)
        let beta = try #require(Wavelength.beta(near: 1.5406))
        for (n, angle) in zip([2.0, 3.0], angles) {
            let expected = 2 * asin(beta * n.squareRoot() / (2 * 4.2)) * 180 / .pi
            #expect(abs(angle - expected) < 0.06)
        }
    }

    @Test("without Kβ, for neutrons and for wavelengths of no anode there are none")
    func none() throws {
        #expect(found(try counts(beta: 0), Radiation(wavelength: 1.5406)).isEmpty)
        let pattern = try counts(beta: 0.02)
        #expect(found(pattern, Radiation(.neutron, wavelength: 1.5406)).isEmpty)
        #expect(found(pattern, Radiation(wavelength: 1.2)).isEmpty)
    }
}
