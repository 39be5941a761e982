/// The correlation coefficient, −1 to 1: the cosine of the patterns less their means. Blind to scale and to a
/// constant background.
package struct PearsonCorrelation: SimilarityKernel {
    private let deviations: [Double]
    private let norm: Double

    package init(target: [Double]) {
        let mean = target.reduce(0, +) / Double(max(target.count, 1))
        deviations = target.map { $0 - mean }
        norm = deviations.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }

    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        let mean = calculated.reduce(0, +) / Double(max(calculated.count, 1))
        var (product, square) = (0.0, 0.0)
        for i in deviations.indices {
            let x = calculated[i] - mean
            product += x * deviations[i]
            square += x * x
        }
        guard square > 0, norm > 0 else {
            gradient?.update(repeating: 0, count: deviations.count)
            return 0
        }
        let inverse = 1 / (square.squareRoot() * norm)
        let value = product * inverse
        if let gradient {
            // Both deviations sum to zero, so that the mean's own derivative drops out.
            for i in deviations.indices {
                gradient[i] = deviations[i] * inverse - value * (calculated[i] - mean) / square
            }
        }
        return value
    }
}
