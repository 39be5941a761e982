/// The Wasserstein-1 (earth mover's) distance of unit-sum patterns, ∫ |F_x − F_y| d(2θ) with their cumulative sums,
/// in degrees 2θ: how far intensity must be carried on average (Vallender, Theory Probab. Appl. 18 (1974) 784).
package struct WassersteinDistance: SimilarityKernel {
    private let cumulative: CumulativeDifference

    package init(target: [Double], twoTheta: [Double]) {
        cumulative = CumulativeDifference(target: target, twoTheta: twoTheta)
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        cumulative.evaluate(calculated, gradient: gradient, { abs($0) }, { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 })
    }
}

/// The squared distance of the cumulative sums of unit-sum patterns, ∫ (F_x − F_y)² d(2θ), in degrees 2θ (Cramér–von
/// Mises; Székely & Rizzo 2013): smooth everywhere, and peaks that do not overlap still attract each other.
package struct SquaredCDFDistance: SimilarityKernel {
    private let cumulative: CumulativeDifference

    package init(target: [Double], twoTheta: [Double]) {
        cumulative = CumulativeDifference(target: target, twoTheta: twoTheta)
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        cumulative.evaluate(calculated, gradient: gradient, { $0 * $0 }, { 2 * $0 })
    }
}

/// ∫ φ(F_x − F_y) d(2θ) over the steps of the grid.
struct CumulativeDifference: Sendable {
    private let target: [Double]
    private let steps: [Double]

    init(target: [Double], twoTheta: [Double]) {
        let sum = target.reduce(0, +)
        self.target = sum > 0 ? target.map { $0 / sum } : target
        steps = zip(twoTheta, twoTheta.dropFirst()).map { $1 - $0 } + [0]
    }

    func evaluate(
        _ calculated: [Double], gradient: UnsafeMutablePointer<Double>?, _ function: (Double) -> Double,
        _ slope: (Double) -> Double
    ) -> Double {
        let sum = calculated.reduce(0, +)
        guard sum > 0 else {
            gradient?.update(repeating: 0, count: target.count)
            return .infinity
        }
        var (value, difference) = (0.0, 0.0)
        for i in target.indices {
            difference += calculated[i] / sum - target[i]
            value += function(difference) * steps[i]
            gradient?[i] = slope(difference) * steps[i]
        }
        guard let gradient else { return value }
        // ∂/∂p_i is the sum of the slopes from i on; then p = x/Σx.
        var (tail, mean) = (0.0, 0.0)
        for i in target.indices.reversed() {
            tail += gradient[i]
            gradient[i] = tail
            mean += tail * calculated[i] / sum
        }
        for i in target.indices { gradient[i] = (gradient[i] - mean) / sum }
        return value
    }
}
