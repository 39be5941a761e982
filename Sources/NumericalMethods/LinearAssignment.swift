/// The pairing of rows with columns of least total cost, by shortest augmenting paths (Jonker & Volgenant,
/// Computing 38 (1987) 325; Crouse, IEEE TAES 52 (2016) 1679). O(rows² · columns).
package struct LinearAssignment: Sendable, Hashable {
    /// The column of each row.
    package let columns: [Int]
    package let totalCost: Double

    /// - Parameter cost: rows ≤ columns; `.infinity` forbids a pair.
    /// - Returns: nil where no pairing of finite cost exists.
    package init?(cost: DenseMatrix) {
        precondition(cost.rows <= cost.columns, "more rows than columns")
        let (n, m) = (cost.rows, cost.columns)
        var rowPotential = [Double](repeating: 0, count: n)
        var columnPotential = [Double](repeating: 0, count: m)
        var columnOfRow = [Int](repeating: -1, count: n)
        var rowOfColumn = [Int](repeating: -1, count: m)
        var shortest = [Double](repeating: .infinity, count: m)
        var previous = [Int](repeating: -1, count: m)
        var columnDone = [Bool](repeating: false, count: m)
        var rowDone = [Bool](repeating: false, count: n)
        var remaining = [Int](repeating: 0, count: m)

        let solved = cost.elements.withUnsafeBufferPointer { c -> Bool in
            for start in 0..<n {
                for j in 0..<m {
                    shortest[j] = .infinity
                    previous[j] = -1
                    columnDone[j] = false
                    remaining[j] = m - 1 - j
                }
                for i in 0..<n { rowDone[i] = false }
                var left = m
                var (row, sink, reached) = (start, -1, 0.0)
                while sink < 0 {
                    rowDone[row] = true
                    var best = -1
                    var lowest = Double.infinity
                    for k in 0..<left {
                        let j = remaining[k]
                        let length = reached + c[row * m + j] - rowPotential[row] - columnPotential[j]
                        if length < shortest[j] {
                            shortest[j] = length
                            previous[j] = row
                        }
                        // Among equals a free column ends the path sooner.
                        if shortest[j] < lowest || (shortest[j] == lowest && rowOfColumn[j] < 0) {
                            lowest = shortest[j]
                            best = k
                        }
                    }
                    guard best >= 0, lowest < .infinity else { return false }
                    reached = lowest
                    let j = remaining[best]
                    columnDone[j] = true
                    left -= 1
                    remaining[best] = remaining[left]
                    if rowOfColumn[j] < 0 { sink = j } else { row = rowOfColumn[j] }
                }
                rowPotential[start] += reached
                for i in 0..<n where rowDone[i] && i != start {
                    rowPotential[i] += reached - shortest[columnOfRow[i]]
                }
                for j in 0..<m where columnDone[j] { columnPotential[j] -= reached - shortest[j] }
                var j = sink
                while true {
                    let i = previous[j]
                    rowOfColumn[j] = i
                    (columnOfRow[i], j) = (j, columnOfRow[i])
                    if i == start { break }
                }
            }
            return true
        }
        guard solved else { return nil }
        columns = columnOfRow
        totalCost = columnOfRow.enumerated().reduce(0) { $0 + cost[$1.offset, $1.element] }
    }
}
