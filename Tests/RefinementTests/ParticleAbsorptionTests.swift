import Foundation
import Refinement
import Testing

@Suite("Absorption in particles") struct ParticleAbsorptionTests {
    /// The mean over a sphere's volume of exp(−x · chord/diameter), ring by ring around the axis of the beam (Simpson's rule).
    private static func mean(_ x: Double) -> Double {
        let count = 2000
        let values = (0...count).map { k -> Double in
            // Of a sphere of diameter 1: the ring at this radius, as high as the chord through it.
            let angle = 0.5 * Double.pi * Double(k) / Double(count)
            let (radius, chord) = (0.5 * sin(angle), cos(angle))
            let weight = k == 0 || k == count ? 1.0 : k % 2 == 1 ? 4 : 2
            return weight * 2 * .pi * radius * chord * exp(-x * chord) * 0.5 * cos(angle)
        }
        let step = 0.5 * Double.pi / Double(count)
        return values.reduce(0, +) * step / 3 / (Double.pi / 6)
    }

    @Test(
        "transmission is the mean over a sphere of what is left along the beam, near nought and far from it",
        arguments: [-2, -0.5, -0.021, -0.019, 0, 0.019, 0.021, 0.5, 1, 4])
    func transmission(x: Double) {
        let expected = Self.mean(x)
        #expect(abs(ParticleAbsorption.transmission(x) - expected) < 5e-6 * expected)
    }
}
