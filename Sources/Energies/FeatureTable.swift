import NumericalMethods

/// Rows of features at a fixed address, zero at first: what gathers, scatters and BLAS work on.
final class FeatureTable {
    let rows: Int
    let columns: Int
    let start: UnsafeMutablePointer<Double>

    init(rows: Int, columns: Int = CHGNetWeights.width) {
        self.rows = rows
        self.columns = columns
        start = .allocate(capacity: max(1, rows * columns))
        start.initialize(repeating: 0, count: max(1, rows * columns))
    }

    deinit { start.deallocate() }

    func row(_ index: Int) -> UnsafeMutablePointer<Double> { start + index * columns }

    var block: MatrixProduct.Block { MatrixProduct.Block(start, stride: columns) }

    /// self (+)= x Wᵀ over the first `count` rows, W of `columns` rows.
    func linear(_ x: FeatureTable, _ weight: [Double], adding: Bool = false, count: Int? = nil) {
        weight.withUnsafeBufferPointer { w in
            guard let base = w.baseAddress else { return }
            MatrixProduct.timesTransposed(
                x.block, MatrixProduct.Block(base, stride: x.columns), into: start, stride: columns,
                rows: count ?? rows, columns: columns, inner: x.columns, adding: adding)
        }
    }

    /// self (+)= g W over the first `count` rows: the reverse of `linear`.
    func linearReverse(_ g: FeatureTable, _ weight: [Double], adding: Bool = true, count: Int? = nil) {
        weight.withUnsafeBufferPointer { w in
            guard let base = w.baseAddress else { return }
            MatrixProduct.times(
                g.block, MatrixProduct.Block(base, stride: columns), into: start, stride: columns,
                rows: count ?? rows, columns: columns, inner: g.columns, adding: adding)
        }
    }

    /// Adds the same row to every row.
    func add(_ row: [Double]) {
        for r in 0..<rows {
            for c in 0..<columns { start[r * columns + c] += row[c] }
        }
    }
}
