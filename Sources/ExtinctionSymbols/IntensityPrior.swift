import Foundation
import NumericalMethods

/// What is known of an intensity before the pattern: with some probability nothing is there, else a mixture of
/// exponential distributions (Wilson 1949, of acentric reflections; several means, since the atoms of real crystals
/// stand in special positions and lines are weak or strong together).
package struct IntensityPrior: Sendable {
    /// Probability that the line has an intensity at all.
    package var presence: Double
    /// Means and their shares, which add up to one.
    package var means: [Double]
    package var shares: [Double]

    package init(presence: Double, means: [Double], shares: [Double]) {
        (self.presence, self.means, self.shares) = (presence, means, shares)
    }

    /// ∫ prior(x) N(x; m, v) dx with mean and variance of the product.
    package struct Tilted: Sendable {
        package var logNorm: Double
        package var mean: Double
        package var variance: Double
    }

    /// The prior times a normal distribution.
    package func tilted(mean m: Double, variance v: Double) -> Tilted {
        let deviation = v.squareRoot()
        // All weights relative to exp(−m²/2v).
        var logs = [log(max(1 - presence, 1e-300)) - 0.5 * log(2 * .pi * v)]
        var first = [0.0]
        var second = [0.0]
        for (mean, share) in zip(means, shares) {
            let z = deviation / mean - m / deviation
            let tail = NormalTail(z)
            logs.append(log(max(presence * share, 1e-300) / mean) + z * z / 2 + tail.log)
            let centre = deviation * tail.excess
            first.append(centre)
            second.append(v * tail.variance + centre * centre)
        }
        let highest = logs.max() ?? 0
        let weights = logs.map { exp($0 - highest) }
        let sum = weights.reduce(0, +)
        var (mean, square) = (0.0, 0.0)
        for k in weights.indices {
            mean += weights[k] / sum * first[k]
            square += weights[k] / sum * second[k]
        }
        return Tilted(
            logNorm: highest + log(sum) - m * m / (2 * v), mean: mean,
            variance: max(square - mean * mean, 1e-12 * v))
    }

    /// Mean and variance of the prior itself.
    var moments: (mean: Double, variance: Double) {
        let mean = zip(means, shares).reduce(0) { $0 + presence * $1.0 * $1.1 }
        let square = zip(means, shares).reduce(0) { $0 + 2 * presence * $1.0 * $1.0 * $1.1 }
        return (mean, max(square - mean * mean, 1e-12 * square))
    }
}

/// The standard normal distribution above z: its probability, and how the part above is distributed.
struct NormalTail {
    /// log P(> z)
    let log: Double
    /// Mean of x − z above z.
    let excess: Double
    /// Variance above z.
    let variance: Double

    /// Beyond here the continued fraction converges within its terms.
    private static let farTail = 4.0

    init(_ z: Double) {
        guard z > Self.farTail else {
            let probability = 0.5 * erfc(z / 2.0.squareRoot())
            let hazard = exp(-z * z / 2) / (2 * .pi).squareRoot() / probability
            log = Foundation.log(probability)
            excess = hazard - z
            variance = 1 - hazard * (hazard - z)
            return
        }
        // Mills' ratio (1 − Φ)/φ = 1/(z + 1/(z + 2/(z + 3/(…)))); the excess is 1/ratio − z = 1/(z + 2/(z + …)).
        var fraction = z
        for k in stride(from: 60, through: 2, by: -1) { fraction = z + Double(k) / fraction }
        excess = 1 / fraction
        let hazard = z + excess
        log = -z * z / 2 - 0.5 * Foundation.log(2 * .pi) - Foundation.log(hazard)
        // 1 − hazard · excess without the difference of nearly equal numbers: excess = 1/(z + d), d = 2/(z + …).
        let d = fraction - z
        variance = max((d - excess) * excess, 1e-300)
    }
}
