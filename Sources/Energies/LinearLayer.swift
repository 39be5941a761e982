import NumericalMethods

/// y = W x for rows of features, with W in both layouts: BLAS multiplies small blocks without copying them only where
/// neither factor is transposed.
package struct LinearLayer: Sendable {
    package let inputs: Int
    package let outputs: Int
    /// outputs × inputs, as in the checkpoint.
    private let weight: [Double]
    /// inputs × outputs.
    private let transposed: [Double]

    /// - Parameters:
    ///   - weight: outputs × inputs.
    ///   - padding: inputs of weight zero that are put after the given ones.
    package init(_ weight: [Double], inputs: Int, outputs: Int, padding: Int = 0) {
        let padded = inputs + padding
        var (rows, columns) = (
            [Double](repeating: 0, count: padded * outputs), [Double](repeating: 0, count: padded * outputs)
        )
        for o in 0..<outputs {
            for i in 0..<inputs {
                rows[o * padded + i] = weight[o * inputs + i]
                columns[i * outputs + o] = weight[o * inputs + i]
            }
        }
        (self.inputs, self.outputs) = (padded, outputs)
        self.weight = rows
        transposed = columns
    }

    /// This layer after another one: W · first, one product instead of two.
    package func after(_ first: LinearLayer) -> LinearLayer {
        var product = [Double](repeating: 0, count: outputs * first.inputs)
        for o in 0..<outputs {
            for k in 0..<inputs {
                for i in 0..<first.inputs {
                    product[o * first.inputs + i] +=
                        weight[o * inputs + k] * first.weight[k * first.inputs + i]
                }
            }
        }
        return LinearLayer(product, inputs: first.inputs, outputs: outputs)
    }

    package func forward(
        _ x: UnsafePointer<Double>, stride: Int, into y: UnsafeMutablePointer<Double>, stride target: Int,
        rows: Int, adding: Bool = false
    ) {
        product(
            x, stride, transposed, y, target, rows: rows, columns: outputs, inner: inputs, adding: adding)
    }

    package func reverse(
        _ g: UnsafePointer<Double>, stride: Int, into x: UnsafeMutablePointer<Double>, stride target: Int,
        rows: Int, adding: Bool = false
    ) {
        product(g, stride, weight, x, target, rows: rows, columns: inputs, inner: outputs, adding: adding)
    }

    private func product(
        _ a: UnsafePointer<Double>, _ stride: Int, _ b: [Double], _ c: UnsafeMutablePointer<Double>,
        _ target: Int, rows: Int, columns: Int, inner: Int, adding: Bool
    ) {
        // OpenBLAS takes products of up to a million multiplications for small.
        let block = max(12, 1_000_000 / (columns * inner) / 12 * 12)
        b.withUnsafeBufferPointer { b in
            guard let base = b.baseAddress else { return }
            for first in Swift.stride(from: 0, to: rows, by: block) {
                MatrixProduct.times(
                    .init(a + first * stride, stride: stride), .init(base, stride: columns),
                    into: c + first * target, stride: target, rows: min(block, rows - first),
                    columns: columns, inner: inner, adding: adding)
            }
        }
    }
}
