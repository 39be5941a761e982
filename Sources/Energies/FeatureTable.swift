import NumericalMethods

/// Rows of features at a fixed address: what gathers, scatters and BLAS work on.
final class FeatureTable {
    let rows: Int
    let columns: Int
    let start: UnsafeMutablePointer<Double>
    private let capacity: Int
    private let store: FeatureStore

    /// - Parameter isZero: without it the numbers are whatever stood there before.
    init(
        _ store: FeatureStore, rows: Int, columns: Int = CHGNetWeights.width, isZero: Bool = false
    ) {
        self.rows = rows
        self.columns = columns
        self.store = store
        (start, capacity) = store.take(rows * columns)
        if isZero { start.update(repeating: 0, count: rows * columns) }
    }

    deinit { store.giveBack(start, capacity: capacity) }

    func row(_ index: Int) -> UnsafeMutablePointer<Double> { start + index * columns }

    /// self (+)= W x over some rows.
    func linear(_ x: FeatureTable, _ layer: LinearLayer, rows range: Range<Int>? = nil, adding: Bool = false)
    {
        let range = range ?? 0..<rows
        layer.forward(
            x.row(range.lowerBound), stride: x.columns, into: row(range.lowerBound), stride: columns,
            rows: range.count, adding: adding)
    }

    /// self (+)= Wᵀ g over some rows: the reverse of `linear`.
    func linearReverse(
        _ g: FeatureTable, _ layer: LinearLayer, rows range: Range<Int>? = nil, adding: Bool = true
    ) {
        let range = range ?? 0..<rows
        layer.reverse(
            g.row(range.lowerBound), stride: g.columns, into: row(range.lowerBound), stride: columns,
            rows: range.count, adding: adding)
    }

    /// Sets every row to the same numbers, or adds them.
    func fill(_ row: [Double], adding: Bool = false) {
        for r in 0..<rows {
            for c in 0..<columns {
                start[r * columns + c] = (adding ? start[r * columns + c] : 0) + row[c]
            }
        }
    }
}
