import Foundation

/// Adam (Kingma & Ba, arXiv 1412.6980) on one table of values.
package struct AdamStep: Sendable {
    /// Running means of the gradient and of its square.
    private var first: [Double]
    private var second: [Double]

    /// For so many values.
    package init(_ count: Int) {
        first = [Double](repeating: 0, count: count)
        second = first
    }

    /// - Parameter number: of the step, from 1.
    package mutating func step(_ values: inout [Double], _ gradient: [Double], rate: Double, number: Int) {
        let (c1, c2) = (1 - pow(0.9, Double(number)), 1 - pow(0.999, Double(number)))
        for k in values.indices {
            first[k] = 0.9 * first[k] + 0.1 * gradient[k]
            second[k] = 0.999 * second[k] + 0.001 * gradient[k] * gradient[k]
            values[k] -= rate * (first[k] / c1) / ((second[k] / c2).squareRoot() + 1e-8)
        }
    }
}
