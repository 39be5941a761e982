import Crystallography
import Foundation
import NumericalMethods
import Testing

/// Weights are judged before they are used: counts, scaled counts, smooth curves, stated uncertainties.
@Suite struct CountingStatisticsTests {
    private let angles = (0..<2000).map { 10 + 0.02 * Double($0) }

    /// Lines on a falling background.
    private func expected(_ scale: Double) -> [Double] {
        angles.map { x in
            let lines = stride(from: 14.0, to: 50, by: 4.3).reduce(0.0) {
                $0 + 20 * exp(-pow((x - $1) / 0.08, 2) / 2)
            }
            return scale * (1 + 10 / x + lines)
        }
    }

    private func counts(_ scale: Double) -> [Double] {
        var random = RandomStream(seed: 7)
        return expected(scale).map { mean in
            // Normal is Poisson enough from a few dozen counts on.
            max(0, (mean + mean.squareRoot() * Self.normal(&random)).rounded())
        }
    }

    private static func normal(_ random: inout RandomStream) -> Double {
        let u = Double.random(in: 1e-12..<1, using: &random)
        let v = Double.random(in: 0..<1, using: &random)
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }

    @Test(arguments: [50.0, 300, 1e4, 1e6])
    func countsAreCounts(scale: Double) {
        let weighting = PowderPattern(twoTheta: angles, intensity: counts(scale)).weighting
        #expect(weighting.basis == .counts)
        #expect(weighting.hasExpectedR)
        #expect(weighting.weight(of: 400) == 0.0025)
    }

    @Test(arguments: [1e-6, 0.01, 0.1, 20, 5e4])
    func scaledCountsNameTheirFactorAndHaveNoExpectedR(factor: Double) throws {
        let weighting = PowderPattern(twoTheta: angles, intensity: counts(300).map { $0 * factor }).weighting
        guard case .scaled(let found) = weighting.basis else {
            Issue.record("\(weighting)")
            return
        }
        #expect(abs(found / factor - 1) < 0.3)
        #expect(!weighting.hasExpectedR)
        #expect(weighting.sentence.contains("no counts"))
    }

    @Test func aCalculatedCurveHasNoExpectedR() {
        #expect(PowderPattern(twoTheta: angles, intensity: expected(100)).weighting.basis == .smooth)
        let normalized = PowderPattern(twoTheta: angles, intensity: expected(0.04)).weighting
        #expect(!normalized.hasExpectedR)
        // The weights fall as the intensities rise, below one too.
        #expect(normalized.weight(of: 0.8) < normalized.weight(of: 0.1))
    }

    @Test func intensitiesBelowZeroHaveNoExpectedR() {
        let subtracted = zip(counts(300), expected(300)).map { $0 - 0.9 * min($1, 500) }
        let weighting = PowderPattern(twoTheta: angles, intensity: subtracted).weighting
        #expect(weighting.basis == .negative)
        #expect(!weighting.hasExpectedR)
        // A point at zero weighs as the noise around it does, not as if it were exact…
        #expect(weighting.weight(of: 0) < 1 / 100)
        // …and that of a line as its counts do: within a factor of two of 1/(6000 + 500), however near to zero the background is.
        #expect((1 / 13000...1 / 3000).contains(weighting.weight(of: 6000)))
    }

    @Test func statedUncertaintiesAreTakenAtTheirWord() {
        var pattern = PowderPattern(
            twoTheta: [1, 2, 3], intensity: [4, 9, 16], sigma: [2, 3, 4], uncertaintySource: .weights)
        #expect(pattern.weighting.basis == .stated(.weights))
        #expect(pattern.weighting.hasExpectedR)
        pattern.sigma = nil
        #expect(pattern.weighting.basis == .counts)
        pattern.intensity = [0.1, 0.5, 1]
        #expect(!pattern.weighting.hasExpectedR)
    }

    @Test func everyAssumptionIsOneSentence() {
        let bases: [CountingStatistics.Basis] =
            PowderPattern.UncertaintySource.allCases.map { .stated($0) } + [
                .counts, .scaled(factor: 0.01), .scaled(factor: 12345), .scaled(factor: 1e-9), .negative,
                .fractions, .smooth,
            ]
        let sentences = bases.map { CountingStatistics(basis: $0, quantum: 1, leastVariance: 1).sentence }
        #expect(Set(sentences).count == bases.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") && !$0.contains("\n") })
    }
}
