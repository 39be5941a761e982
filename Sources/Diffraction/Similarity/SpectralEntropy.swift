import Foundation

/// 1 − (2 S(mixture) − S(x) − S(y))/ln 4 with the Shannon entropy S of unit-sum patterns and their 1:1 mixture
/// (Li et al., Nature Methods 18 (2021) 1524; Segal et al., arXiv 2512.04036): 1 for proportional patterns, 0 where
/// they do not overlap. Negative intensities count as zero.
package struct SpectralEntropySimilarity: SimilarityKernel {
    private let divergence: JensenShannonDivergence

    package init(target: [Double]) {
        divergence = JensenShannonDivergence(target: target)
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        let value = 1 - divergence.evaluate(calculated, gradient: gradient)
        if let gradient {
            for i in calculated.indices { gradient[i] = -gradient[i] }
        }
        return value
    }
}

/// The square root of the Jensen–Shannon divergence in bits (Endres & Schindelin, IEEE Trans. Inf. Theory 49 (2003)
/// 1858), a metric between unit-sum patterns from 0 to 1. Its gradient is 0 by definition where it vanishes.
package struct JensenShannonDistance: SimilarityKernel {
    private let divergence: JensenShannonDivergence

    package init(target: [Double]) {
        divergence = JensenShannonDivergence(target: target)
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        let value = max(0, divergence.evaluate(calculated, gradient: gradient)).squareRoot()
        if let gradient {
            let factor = value > 0 ? 0.5 / value : 0
            for i in calculated.indices { gradient[i] *= factor }
        }
        return value
    }
}

/// S(mixture) − (S(p) + S(q))/2 in bits, 0 to 1 (Lin, IEEE Trans. Inf. Theory 37 (1991) 145).
struct JensenShannonDivergence: Sendable {
    private let target: [Double]

    init(target: [Double]) {
        let positive = target.map { max($0, 0) }
        let sum = positive.reduce(0, +)
        self.target = sum > 0 ? positive.map { $0 / sum } : positive
    }

    func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        var sum = 0.0
        for x in calculated where x > 0 { sum += x }
        guard sum > 0 else {
            gradient?.update(repeating: 0, count: target.count)
            return 1
        }
        // ½ Σ p ln(p/m) + ½ Σ q ln(q/m), m = (p + q)/2; ∂/∂p_i = ½ ln(p_i/m_i).
        var (value, mean) = (0.0, 0.0)
        for i in target.indices {
            let p = max(calculated[i], 0) / sum
            let q = target[i]
            let m = 0.5 * (p + q)
            var slope = 0.0
            if p > 0 {
                slope = 0.5 * log(p / m)
                value += p * slope
                mean += p * slope
            }
            if q > 0 { value += 0.5 * q * log(q / m) }
            gradient?[i] = slope
        }
        if let gradient {
            let factor = 1 / (sum * log(2))
            for i in target.indices { gradient[i] = calculated[i] > 0 ? (gradient[i] - mean) * factor : 0 }
        }
        return value / log(2)
    }
}
