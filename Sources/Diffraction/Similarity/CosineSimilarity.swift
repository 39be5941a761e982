/// x·y / (|x| |y|): 1 for proportional patterns, 0 where non-negative patterns do not overlap. Blind to scale.
package struct CosineSimilarity: SimilarityKernel {
    private let target: [Double]
    private let norm: Double

    package init(target: [Double]) {
        self.target = target
        norm = target.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        var (product, square) = (0.0, 0.0)
        for i in target.indices {
            product += calculated[i] * target[i]
            square += calculated[i] * calculated[i]
        }
        guard square > 0, norm > 0 else {
            gradient?.update(repeating: 0, count: target.count)
            return 0
        }
        let inverse = 1 / (square.squareRoot() * norm)
        let value = product * inverse
        if let gradient {
            for i in target.indices { gradient[i] = target[i] * inverse - value * calculated[i] / square }
        }
        return value
    }
}
