import ExtinctionSymbols
import Foundation
import NumericalMethods
import Testing

/// Reaches `ExpectationPropagation`, `SymmetricBand`.
@Suite struct MarginalLikelihoodTests {
    /// A prior's product with a normal distribution against sums on a fine grid.
    @Test(arguments: [(-40.0, 1.0), (-3, 1), (0, 0.01), (0.2, 0.05), (1, 4), (30, 2), (0.5, 1e4)])
    func tiltedMomentsAreThoseOfTheIntegral(_ mean: Double, _ variance: Double) throws {
        let prior = IntensityPrior(presence: 0.9, means: [1.3, 0.3, 0.03], shares: [0.6, 0.25, 0.15])
        let found = prior.tilted(mean: mean, variance: variance)
        var sums = [0.0, 0.0, 0.0]
        // t⁴ puts the points where the density is steep; all relative to the normal density at 0.
        let (top, count) = (60.0, 400_000)
        for k in 0..<count {
            let t = (Double(k) + 0.5) / Double(count)
            let x = top * t * t * t * t
            let step = 4 * top * t * t * t / Double(count)
            let normal = exp((2 * mean * x - x * x) / (2 * variance))
            let density = zip(prior.means, prior.shares).reduce(0) { $0 + $1.1 / $1.0 * exp(-x / $1.0) }
            let weight = prior.presence * density * normal * step
            sums[0] += weight
            sums[1] += weight * x
            sums[2] += weight * x * x
        }
        let whole = sums[0] + 1 - prior.presence
        let logNorm = log(whole) - mean * mean / (2 * variance) - 0.5 * log(2 * .pi * variance)
        let first = sums[1] / whole
        #expect(abs(found.logNorm - logNorm) < 1e-5 * max(1, abs(logNorm)))
        #expect(abs(found.mean - first) < 1e-4 * first)
        #expect(abs(found.variance - (sums[2] / whole - first * first)) < 1e-3 * found.variance)
    }

    /// log p(symbol) differences of two and three lines that overlap, from mildly to nearly completely, against sums on a
    /// grid of intensities.
    @Test(arguments: [0.0, 0.3, 0.7, 0.95], [[6.0, 0.5], [0.2, 9.0], [4.0, 4.0], [1.0, -0.5]])
    func overlappingLinesAreIntegratedAsByBruteForce(_ overlap: Double, _ data: [Double]) throws {
        let settings = ExtinctionSettings()
        let lines = try Self.lines(2)
        let hessian = [[1.0, overlap], [overlap, 1.0]]
        let best = [max(1.0, data[0]), max(1.0, data[1])]
        let posterior = IntensityPosterior(lines: lines, best: best, hessian: hessian, right: data)
        let likelihood = try #require(SymbolLikelihood(posterior, shares: [1, 1], settings: settings))
        var found: [Double] = []
        var expected: [Double] = []
        for shares in [[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]] {
            found.append(likelihood(shares: shares))
            let priors = likelihood.priors(shares: shares)
            expected.append(Self.bruteForce(hessian, data, priors))
        }
        for k in 1..<3 {
            let difference = found[k] - found[0]
            let wanted = expected[k] - expected[0]
            #expect(abs(difference - wanted) < 0.15, "\(difference) for \(wanted)")
        }
    }

    /// Lines of a cubic lattice, for their multiplicities.
    static func lines(_ count: Int) throws -> [PowderLine] {
        (0..<count).map {
            let orbit = PowderOrbit(of: SIMD3($0 + 1, 0, 0), under: [.identity, -.identity])
            return PowderLine(orbits: [orbit], twoTheta: 10 + Double($0))
        }
    }

    /// ∫∫ exp(−½xᵀHx + rᵀx) p(x) p(y), the spike at 0 of each prior apart.
    private static func bruteForce(_ h: [[Double]], _ r: [Double], _ priors: [IntensityPrior]) -> Double {
        let count = 1500
        func nodes(_ prior: IntensityPrior) -> [(x: Double, weight: Double)] {
            var nodes = [(x: 0.0, weight: 1 - prior.presence)]
            for k in 0..<count {
                let t = (Double(k) + 0.5) / Double(count)
                let x = 40 * t * t * t
                let density = zip(prior.means, prior.shares).reduce(0) { $0 + $1.1 / $1.0 * exp(-x / $1.0) }
                nodes.append((x, prior.presence * density * 120 * t * t / Double(count)))
            }
            return nodes
        }
        let (first, second) = (nodes(priors[0]), nodes(priors[1]))
        var sum = 0.0
        for a in first {
            let base = r[0] * a.x - 0.5 * h[0][0] * a.x * a.x
            for b in second {
                let exponent = base + (r[1] - h[0][1] * a.x) * b.x - 0.5 * h[1][1] * b.x * b.x
                sum += a.weight * b.weight * exp(exponent)
            }
        }
        return log(sum)
    }
}
