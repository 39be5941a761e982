import Foundation

/// Summary statistics that the studies quote.
package enum Statistics {
    package static func mean(_ x: [Double]) -> Double {
        x.isEmpty ? .nan : x.reduce(0, +) / Double(x.count)
    }

    /// The middle value, or the mean of the two middle ones; NaN for none.
    package static func median(_ x: [Double]) -> Double { quantile(x, 0.5) }

    /// Linear between order statistics (Hyndman & Fan's type 7, numpy's default); NaN for none.
    package static func quantile(_ x: [Double], _ p: Double) -> Double {
        guard !x.isEmpty else { return .nan }
        let sorted = x.sorted()
        let position = min(max(p, 0), 1) * Double(sorted.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
    }

    /// The equal-tailed Bayesian interval of a proportion under Jeffreys' prior Beta(½, ½) (Brown, Cai &
    /// DasGupta 2001): its lower end is 0 for no success, its upper end 1 for no failure.
    ///
    /// - Parameter level: 0 < level < 1.
    package static func jeffreysInterval(
        successes: Int, trials: Int, level: Double = 0.95
    ) -> ClosedRange<Double> {
        precondition(trials >= 0 && (0...trials).contains(successes), "\(successes) of \(trials)")
        let (a, b) = (Double(successes) + 0.5, Double(trials - successes) + 0.5)
        let tail = (1 - level) / 2
        let lower = successes == 0 ? 0 : betaQuantile(tail, a, b)
        let upper = successes == trials ? 1 : betaQuantile(1 - tail, a, b)
        return min(lower, upper)...max(lower, upper)
    }

    /// Pearson's correlation; NaN where either side is constant.
    package static func pearson(_ x: [Double], _ y: [Double]) -> Double {
        precondition(x.count == y.count, "unequal counts")
        let (mx, my) = (mean(x), mean(y))
        var (sxx, syy, sxy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            sxx += (a - mx) * (a - mx)
            syy += (b - my) * (b - my)
            sxy += (a - mx) * (b - my)
        }
        return sxy / (sxx * syy).squareRoot()
    }

    /// Spearman's rank correlation, ties at their mean rank.
    package static func spearman(_ x: [Double], _ y: [Double]) -> Double {
        pearson(ranks(x), ranks(y))
    }

    /// Ranks from 1; equal values share the mean of their ranks.
    package static func ranks(_ x: [Double]) -> [Double] {
        let order = x.indices.sorted { x[$0] < x[$1] }
        var ranks = [Double](repeating: 0, count: x.count)
        var i = 0
        while i < order.count {
            var j = i
            while j + 1 < order.count, x[order[j + 1]] == x[order[i]] { j += 1 }
            for k in i...j { ranks[order[k]] = Double(i + j) / 2 + 1 }
            i = j + 1
        }
        return ranks
    }

    /// Iₓ(a, b), the regularised incomplete beta function (continued fraction, DLMF 8.17.22).
    package static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - regularizedBeta(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        // Lentz's algorithm.
        let tiny = 1e-300
        var c = 1.0
        var d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny)
        var fraction = d
        for m in 1..<500 {
            let k = Double(m)
            let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
            d = 1 / nonZero(1 + even * d, tiny)
            c = nonZero(1 + even / c, tiny)
            fraction *= d * c
            let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
            d = 1 / nonZero(1 + odd * d, tiny)
            c = nonZero(1 + odd / c, tiny)
            fraction *= d * c
            if abs(d * c - 1) < 1e-16 { break }
        }
        return front * fraction
    }

    /// x with Iₓ(a, b) = p.
    static func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
        BrentMethod.root(in: 0...1, tolerance: 1e-15) { regularizedBeta($0, a, b) - p } ?? .nan
    }

    private static func nonZero(_ x: Double, _ tiny: Double) -> Double { abs(x) < tiny ? tiny : x }
}
