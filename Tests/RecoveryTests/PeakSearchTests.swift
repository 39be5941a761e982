import Crystallography
import Foundation
import Recovery
import Testing

@Suite struct PeakSearchTests {
    /// A median step of 1e-9° over 110° would make 10¹¹ points.
    @Test func aGapOrACrowdOfPointsDoesNotFillTheMemory() {
        let crowd = (0..<60).map { 10 + 1e-9 * Double($0) } + [120]
        let result = PeakSearch()(
            PowderPattern(twoTheta: crowd, intensity: crowd.map { _ in 100 }),
            radiation: Radiation(wavelength: 1.54))
        #expect(result.background.count == crowd.count)
    }

    private func pattern(sigma: ((Int) -> Double)?) -> PowderPattern {
        let angles = (0..<3000).map { 10 + 0.02 * Double($0) }
        let counts = angles.map { x in
            100 + [20.0, 33, 47.5].reduce(0.0) { $0 + 2000 * exp(-pow((x - $1) / 0.1, 2) / 2) }
        }
        return PowderPattern(
            twoTheta: angles, intensity: counts, sigma: sigma.map { s in angles.indices.map(s) })
    }

    @Test func pointsOfNoUncertaintyAreNoSureLines() {
        let radiation = Radiation(wavelength: 1.54)
        let plain = PeakSearch()(pattern(sigma: { _ in 10 }), radiation: radiation).peaks
        let holed = PeakSearch()(pattern(sigma: { $0 % 7 == 0 ? 0 : 10 }), radiation: radiation).peaks
        #expect(plain.count == 3)
        #expect(holed.map { ($0.twoTheta * 100).rounded() } == plain.map { ($0.twoTheta * 100).rounded() })
    }
}
