/// (1/N) Σ (x − y)²: 0 for equal patterns, no upper bound, in intensity².
package struct MeanSquaredError: SimilarityKernel {
    private let target: [Double]

    package init(target: [Double]) {
        self.target = target
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        let inverse = 1 / Double(max(target.count, 1))
        var sum = 0.0
        for i in target.indices {
            let difference = calculated[i] - target[i]
            sum += difference * difference
            gradient?[i] = 2 * inverse * difference
        }
        return sum * inverse
    }
}
