import Crystallography
import Foundation
import Indexing
import Jobs
import NumericalMethods
import Testing

/// Law: what lines take for a right angle, and the profile does not, is found a step below.
@Suite struct LoweredLatticeTests {
    /// Every line of a primitive monoclinic cell below 60°, Cu Kα₁, a tenth of a degree wide, with counting noise.
    private func pattern(beta: Double) -> PowderPattern {
        let lattice = Lattice(a: 5.1, b: 6.7, c: 8.3, alpha: 90, beta: beta, gamma: 90)
        var random = RandomStream(seed: 21)
        var lines: [(angle: Double, height: Double)] = []
        for h in -6...6 {
            for k in 0...7 {
                for l in 0...9 where (h, k, l) > (0, 0, 0) || l > 0 || k > 0 {
                    let index = SIMD3(Double(h), Double(k), Double(l))
                    let q = index.dot(lattice.reciprocalMetric * index)
                    let sine = 1.540593 / 2 * q.squareRoot()
                    guard sine > 0.05, sine < 0.5 else { continue }
                    lines.append((2 * asin(sine) * 180 / .pi, 4000 * pow(random.uniform(), 2)))
                }
            }
        }
        let angles = (0..<2500).map { 8 + 0.02 * Double($0) }
        let counts = angles.map { x in
            let mean = lines.reduce(150.0) { $0 + $1.height * exp(-pow((x - $1.angle) / 0.045, 2) / 2) }
            return (mean + mean.squareRoot() * random.normal()).rounded()
        }
        return PowderPattern(twoTheta: angles, intensity: counts)
    }

    @Test func anAngleOf90Point1() async throws {
        var measurement = Jobs.Measurement(name: "pattern.xy", pattern(beta: 90.12))
        measurement.illumination = .emission(Radiation(wavelength: 1.540593))
        var job = IndexJob(.pattern(measurement))
        (job.indexing.lattices, job.lowersMetrics) = ([.oP], true)
        let outcome = try await job.run { _ in }
        let first = try #require(outcome.candidates.first)
        #expect(first.cell.lattice == .oP && abs(first.lattice.volume - 283.6) < 1)
        let best = try #require(
            outcome.lowered.filter { $0.parent == 0 && $0.candidate.cell.lattice == .mP }.max {
                $0.gain < $1.gain
            })
        #expect(best.gain > 5)
        #expect(abs(abs(best.candidate.lattice.angles.y - 90) - 0.12) < 0.02)
        #expect(abs(best.candidate.lattice.lengths.y - 6.7) < 0.01)
        job.lowersMetrics = false
        #expect(try await job.run { _ in }.lowered.isEmpty)
    }
}
