import NumericalMethods

/// Rows of features at a fixed address: what gathers, scatters and BLAS work on.
package final class FeatureTable {
    package let rows: Int
    let columns: Int
    package let start: UnsafeMutablePointer<Double>
    private let capacity: Int
    private let store: FeatureStore

    /// The numbers are whatever stood there before.
    package init(_ store: FeatureStore, rows: Int, columns: Int = CHGNetWeights.width) {
        self.rows = rows
        self.columns = columns
        self.store = store
        (start, capacity) = store.take(rows * columns)
    }

    deinit { store.giveBack(start, capacity: capacity) }

    package func row(_ index: Int) -> UnsafeMutablePointer<Double> { start + index * columns }

    /// self (+)= W x over some rows.
    func linear(
        _ x: FeatureTable, _ layer: LinearLayer, rows range: Range<Int>? = nil, adding: Bool = false,
        _ split: WorkSplit
    ) {
        split.forRows(range ?? 0..<rows) { range in
            layer.forward(
                x.row(range.lowerBound), stride: x.columns, into: row(range.lowerBound), stride: columns,
                rows: range.count, adding: adding)
        }
    }

    /// self (+)= Wᵀ g over some rows: the reverse of `linear`.
    func linearReverse(
        _ g: FeatureTable, _ layer: LinearLayer, rows range: Range<Int>? = nil, adding: Bool = true,
        _ split: WorkSplit
    ) {
        split.forRows(range ?? 0..<rows) { range in
            layer.reverse(
                g.row(range.lowerBound), stride: g.columns, into: row(range.lowerBound), stride: columns,
                rows: range.count, adding: adding)
        }
    }

    package func clear(_ split: WorkSplit) {
        split.forRows(0..<rows) { row($0.lowerBound).update(repeating: 0, count: $0.count * columns) }
    }

    /// Sets every row to the same numbers, or adds them.
    package func fill(_ row: [Double], adding: Bool = false) {
        for r in 0..<rows {
            for c in 0..<columns {
                start[r * columns + c] = (adding ? start[r * columns + c] : 0) + row[c]
            }
        }
    }
}

extension WorkSplit {
    /// Calls `body` once for each part of some rows.
    func forRows(_ rows: Range<Int>, _ body: (Range<Int>) -> Void) {
        forEach { part in
            let part = range(part, of: rows.count)
            if !part.isEmpty { body(rows.lowerBound + part.lowerBound..<rows.lowerBound + part.upperBound) }
        }
    }
}
