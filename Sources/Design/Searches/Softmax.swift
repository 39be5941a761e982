import Foundation

/// exp(x)/Σ exp(x), row by row of a table.
package enum Softmax {
    /// Of a table of so many rows.
    package static func values(_ x: [Double], rows: Int) -> [Double] {
        let n = x.count / rows
        var result = x
        for r in 0..<rows {
            let range = (r * n)..<((r + 1) * n)
            let top = x[range].max() ?? 0
            var sum = 0.0
            for k in range {
                result[k] = exp(x[k] - top)
                sum += result[k]
            }
            for k in range { result[k] /= sum }
        }
        return result
    }

    /// ∂/∂(argument) of a softmax from ∂/∂(value).
    package static func reverse(_ y: [Double], _ dy: [Double], rows: Int) -> [Double] {
        let n = y.count / rows
        var result = y
        for r in 0..<rows {
            let range = (r * n)..<((r + 1) * n)
            var mean = 0.0
            for k in range { mean += y[k] * dy[k] }
            for k in range { result[k] = y[k] * (dy[k] - mean) }
        }
        return result
    }
}
