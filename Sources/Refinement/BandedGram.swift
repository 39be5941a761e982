import NumericalMethods

/// G = PᵀwP of profile columns ordered by their first point: banded, because distant reflections do not overlap.
package struct BandedGram: Sendable {
    package let count: Int
    /// Superdiagonals beside the diagonal.
    package let bandwidth: Int
    /// Row i holds G[i, i…i + bandwidth].
    private let rows: [[Double]]

    /// - Parameter columns: in the order of their first point.
    package init(_ columns: [ProfileColumn], weights: [Double]) {
        count = columns.count
        var reach = 0
        for i in columns.indices {
            let end = columns[i].start + columns[i].values.count
            var j = i
            while j + 1 < columns.count, columns[j + 1].start < end { j += 1 }
            reach = max(reach, j - i)
        }
        bandwidth = reach
        rows = columns.indices.map { i in
            (i...min(columns.count - 1, i + reach)).map { j in
                let (a, b) = (columns[i], columns[j])
                let lower = max(a.start, b.start)
                let upper = min(a.start + a.values.count, b.start + b.values.count)
                var sum = 0.0
                for k in lower..<max(lower, upper) {
                    sum += weights[k] * a.values[k - a.start] * b.values[k - b.start]
                }
                return sum
            }
        }
    }

    package subscript(i: Int, j: Int) -> Double {
        let (low, high) = i < j ? (i, j) : (j, i)
        return high - low < rows[low].count ? rows[low][high - low] : 0
    }

    /// The x ≥ 0 that minimises xᵀGx − 2bᵀx, by cyclic coordinate descent.
    package func nonNegativeSolution(_ b: [Double], from guess: [Double]?) -> [Double] {
        var x = guess ?? (0..<count).map { max(0, b[$0] / max(self[$0, $0], 1e-300)) }
        guard let largest = b.map(abs).max(), largest > 0 else { return x }
        for _ in 0..<400 {
            var change = 0.0
            for i in 0..<count {
                let diagonal = rows[i][0]
                guard diagonal > 0 else { continue }
                var slope = b[i]
                for j in max(0, i - bandwidth)..<min(count, i + bandwidth + 1) { slope -= self[i, j] * x[j] }
                let moved = max(0, x[i] + slope / diagonal)
                change = max(change, abs(moved - x[i]) * diagonal)
                x[i] = moved
            }
            if change < 1e-8 * largest { break }
        }
        return x
    }

    /// v − P (PᵀwP)⁻¹ Pᵀw v: what the intensities cannot take up.
    package func removing(_ columns: [ProfileColumn], from v: [Double], weights: [Double]) -> [Double] {
        guard count > 0,
            let factor = BandedCholesky(
                count: count, bandwidth: bandwidth, ridge: 1e-9, element: { self[$0, $1] })
        else { return v }
        let projected = columns.map { $0.projection(of: v, weights: weights) }
        let solution = factor.upperSolution(factor.lowerSolution(projected))
        var result = v
        for (k, column) in columns.enumerated() {
            for i in column.values.indices { result[column.start + i] -= solution[k] * column.values[i] }
        }
        return result
    }
}
