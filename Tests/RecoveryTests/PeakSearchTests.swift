import Crystallography
import Foundation
import NumericalMethods
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

    /// Files are scaled to a highest point of 100, and backgrounds are subtracted: the scatter tells what a line stands out of.
    @Test(arguments: [(0.002, 0.0), (3.7, 0), (0.01, 350)])
    func aPatternThatWasScaledOrLostItsBackgroundHasTheLinesOfItsCounts(factor: Double, subtracted: Double) {
        var random = RandomStream(seed: 7)
        var counts = pattern(sigma: nil)
        counts.intensity = counts.intensity.map { mean in
            let y = 300 + 10 * mean / 20
            return (y + y.squareRoot() * random.normal()).rounded()
        }
        var scaled = counts
        scaled.intensity = counts.intensity.map { factor * ($0 - subtracted) }
        let radiation = Radiation(wavelength: 1.54)
        let lines = PeakSearch()(counts, radiation: radiation).peaks
        #expect(lines.count == 3)
        let found = PeakSearch()(scaled, radiation: radiation).peaks
        #expect(found.count == 3)
        for (one, other) in zip(lines, found) {
            #expect(abs(one.twoTheta - other.twoTheta) < 0.01)
        }
    }

    /// Detectors resample and programs smooth; what is left of the counts' scatter says little of what goes up and down over a
    /// line's width.
    @Test("smoothed counts over a broad hump hold no lines but their own, and their probability says so")
    func correlatedNoise() {
        var random = RandomStream(seed: 11)
        var pattern = pattern(sigma: nil)
        let counts = zip(pattern.twoTheta, pattern.intensity).map { x, y in
            let mean = 1500 + 2 * y + 900 * exp(-pow((x - 16) / 5, 2) / 2)
            return mean + mean.squareRoot() * random.normal()
        }
        let weights = [0.1, 0.2, 0.4, 0.2, 0.1].map { $0 / 0.26.squareRoot() }
        let level = counts.reduce(0, +) / Double(counts.count)
        pattern.intensity = counts.indices.map { i in
            guard i > 1, i + 2 < counts.count else { return counts[i].rounded() }
            let sum = weights.indices.reduce(0.0) { $0 + weights[$1] * (counts[i + $1 - 2] - level) }
            return (level + sum).rounded()
        }
        let found = PeakSearch()(pattern, radiation: Radiation(wavelength: 1.54)).peaks
        #expect(found.map { ($0.twoTheta * 10).rounded() / 10 } == [20, 33, 47.5])
        #expect(found.allSatisfy { $0.probability > 0.999 && $0.probability <= 1 })
        let doubtful = PeakSearch(settings: Self.eager)(pattern, radiation: Radiation(wavelength: 1.54)).peaks
        #expect(doubtful.count > 3)
        #expect(doubtful.contains { $0.probability < 0.5 })
    }

    /// Where lines stand everywhere none of the pattern is quiet: the noise of counts is their own, and weak lines are no part of it.
    @Test("weak lines among crowded ones are found in counts")
    func crowdedLines() {
        var random = RandomStream(seed: 5)
        let angles = (0..<2000).map { 10 + 0.02 * Double($0) }
        let strong = (0..<66).map { 10.4 + 0.6 * Double($0) }
        let weak = strong.map { $0 + 0.3 }
        func line(_ x: Double, _ centre: Double) -> Double { exp(-pow((x - centre) / 0.05, 2) / 2) }
        let counts = angles.map { x in
            let mean =
                strong.reduce(200.0) { $0 + 9000 * line(x, $1) } + weak.reduce(0) { $0 + 300 * line(x, $1) }
            return (mean + mean.squareRoot() * random.normal()).rounded()
        }
        let found = PeakSearch()(
            PowderPattern(twoTheta: angles, intensity: counts), radiation: Radiation(wavelength: 1.54)
        ).peaks
        func isFound(_ angle: Double) -> Bool { found.contains { abs($0.twoTheta - angle) < 0.05 } }
        #expect(strong.allSatisfy(isFound))
        #expect(weak.count(where: isFound) > 60)
    }

    /// A smoothed pattern has no quiet block where lines stand everywhere; its noise is seen between them all the same.
    @Test(
        "smoothed counts dense with lines: every weak line beside strong ones is found, and none that is not there"
    )
    func correlatedNoiseBetweenLines() {
        var random = RandomStream(seed: 5)
        let strong = (0..<85).map { 12 + 0.9 * Double($0) }
        let weak = strong.indices.filter { $0 % 16 == 8 }.map { strong[$0] + 0.45 }
        let heights = strong.indices.map { 300 + 5000 * pow(Double($0 * 7919 % 97) / 97, 2) }
        let x = (0..<4000).map { 10 + 0.02 * Double($0) }
        let counts = x.map { angle -> Double in
            var mean = 400.0
            for (line, height) in zip(strong, heights) { mean += height * Self.shape(angle - line) }
            for line in weak { mean += 120 * Self.shape(angle - line) }
            return mean + mean.squareRoot() * random.normal()
        }
        let smooth = (3..<3997).map { i in (counts[(i - 3)...(i + 3)].reduce(0, +) / 7).rounded() }
        let pattern = PowderPattern(twoTheta: Array(x[3..<3997]), intensity: smooth)
        let found = PeakSearch()(pattern, radiation: Radiation(wavelength: 1.54)).peaks.map(\.twoTheta)
        for line in weak { #expect(found.contains { abs($0 - line) < 0.06 }, "\(line)") }
        for line in found { #expect((strong + weak).contains { abs($0 - line) < 0.1 }, "\(line)") }
        #expect(found.count >= 85)
    }

    /// A line 0.12° wide, with a tail.
    private static func shape(_ distance: Double) -> Double { pow(1 + pow(distance / 0.06, 2), -1.5) }

    /// Takes whatever stands out by two standard deviations.
    private static var eager: RecoverySettings.Lines {
        var settings = RecoverySettings.Lines()
        (settings.significance, settings.relativeHeight) = (2, 0)
        return settings
    }
}
