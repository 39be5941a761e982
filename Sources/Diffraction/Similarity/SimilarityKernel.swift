/// How one measure is evaluated.
package protocol SimilarityKernel: Sendable {
    /// The measure, and if asked for its gradient with respect to the calculated pattern.
    ///
    /// - Parameter gradient: overwritten where given; of the pattern's count.
    func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double
}

extension SimilarityKernel {
    package func value(_ calculated: [Double]) -> Double { evaluate(calculated, gradient: nil) }

    package func valueAndGradient(_ calculated: [Double]) -> (value: Double, gradient: [Double]) {
        var gradient = [Double](repeating: 0, count: calculated.count)
        let value = gradient.withUnsafeMutableBufferPointer { evaluate(calculated, gradient: $0.baseAddress) }
        return (value, gradient)
    }
}
