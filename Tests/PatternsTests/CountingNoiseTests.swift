import Crystallography
import Foundation
import Patterns
import Testing

@Suite("Counting noise") struct CountingNoiseTests {
    @Test("whole numbers whose mean and variance are the intensity", arguments: [0.5, 8, 29, 400])
    func moments(mean: Double) {
        let count = 20_000
        let flat = PowderPattern(
            twoTheta: (0..<count).map { 5 + 0.001 * Double($0) },
            intensity: [Double](repeating: mean, count: count))
        let counts = flat.counted(seed: 7).intensity
        #expect(counts.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
        let average = counts.reduce(0, +) / Double(count)
        let variance = counts.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(count - 1)
        // Five standard deviations of either.
        #expect(abs(average - mean) < 5 * (mean / Double(count)).squareRoot())
        #expect(abs(variance - mean) < 5 * ((2 * mean * mean + mean) / Double(count)).squareRoot())
    }

    @Test("a seed gives its counts, another others; nothing is counted where nothing is")
    func seeds() {
        let pattern = PowderPattern(twoTheta: [1, 2, 3, 4], intensity: [0, 5, 50, 500])
        #expect(pattern.counted(seed: 1) == pattern.counted(seed: 1))
        #expect(pattern.counted(seed: 1) != pattern.counted(seed: 2))
        #expect(pattern.counted(seed: 1).intensity[0] == 0)
    }
}
