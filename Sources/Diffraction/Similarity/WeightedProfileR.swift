/// Rwp = √(Σ w (y − x)² / Σ w y²) with the target y, 0 for equal patterns (Young, The Rietveld Method, 1993).
package struct WeightedProfileR: SimilarityKernel {
    private let target: [Double]
    private let weights: [Double]
    private let denominator: Double

    /// - Parameter weights: 1/σ² of the target; 1 everywhere if nil.
    package init(target: [Double], weights: [Double]? = nil) {
        self.target = target
        let weights = weights ?? [Double](repeating: 1, count: target.count)
        self.weights = weights
        denominator = zip(target, weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        var sum = 0.0
        for i in target.indices {
            let difference = calculated[i] - target[i]
            sum += weights[i] * difference * difference
        }
        guard denominator > 0 else {
            gradient?.update(repeating: 0, count: target.count)
            return 0
        }
        let value = (sum / denominator).squareRoot()
        if let gradient {
            let factor = value > 0 ? 1 / (value * denominator) : 0
            for i in target.indices { gradient[i] = factor * weights[i] * (calculated[i] - target[i]) }
        }
        return value
    }
}
