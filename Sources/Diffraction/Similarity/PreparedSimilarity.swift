/// A similarity measure with its target.
package struct PreparedSimilarity: Sendable {
    private let kernel: any SimilarityKernel

    init(_ kernel: any SimilarityKernel) {
        self.kernel = kernel
    }

    /// - Parameter calculated: intensities on the target's grid.
    package func value(_ calculated: [Double]) -> Double { kernel.value(calculated) }

    /// The measure and its gradient with respect to the calculated pattern.
    package func valueAndGradient(_ calculated: [Double]) -> (value: Double, gradient: [Double]) {
        kernel.valueAndGradient(calculated)
    }

    /// - Parameter gradient: overwritten where given; of the pattern's count.
    package func evaluate(_ calculated: [Double], gradient: UnsafeMutablePointer<Double>?) -> Double {
        kernel.evaluate(calculated, gradient: gradient)
    }
}
