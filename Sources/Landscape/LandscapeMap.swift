import NumericalMethods

/// An objective over two axes, on a grid.
public struct LandscapeMap: Sendable, Hashable {
    /// A place of the grid: `values[row][column]`.
    public struct Index: Sendable, Hashable {
        /// Along y, from 0.
        public var row: Int
        /// Along x, from 0.
        public var column: Int

        /// A point of the grid.
        public init(row: Int, column: Int) {
            self.row = row
            self.column = column
        }
    }

    /// Along the first axis, ascending: columns.
    public let x: [Double]
    /// Along the second axis, ascending: rows.
    public let y: [Double]
    /// One row for each y, one value for each x; not a number where there is no crystal.
    public let values: [[Double]]

    /// Values at y[row], x[column]; NaN where there is none.
    public init(x: [Double], y: [Double], values: [[Double]]) {
        precondition(
            values.count == y.count && values.allSatisfy { $0.count == x.count },
            "one row for each y, one value for each x")
        (self.x, self.y, self.values) = (x, y, values)
    }

    /// Evaluates the grid, its rows on all cores; the number of cores changes no value.
    ///
    /// - `prepare`: makes an objective of (x, y) for one worker: called once for each stretch of rows, so that what
    ///   is expensive to prepare is prepared seldom.
    /// - `progress`: rows done and rows in all.
    public static func evaluated(
        x: [Double], y: [Double], cores: Int? = nil,
        prepare: @escaping @Sendable () throws -> (Double, Double) throws -> Double,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> LandscapeMap {
        let stretch = max(1, y.count / 16)
        let starts = Array(stride(from: 0, to: y.count, by: stretch))
        let counter = RowCounter(total: y.count, report: progress)
        let rows = try await parallelMap(starts, width: cores) { start in
            let objective = try prepare()
            var rows: [[Double]] = []
            for row in start..<min(start + stretch, y.count) {
                try Task.checkCancellation()
                rows.append(try x.map { try objective($0, y[row]) })
                await counter.finishedRow()
            }
            return rows
        }
        return LandscapeMap(x: x, y: y, values: Array(rows.joined()))
    }

    /// Grid points below all of their neighbours (eight inside, fewer at the rim), the deepest first.
    ///
    /// A point at the rim may lie on a slope that falls out of the map: `isInside` tells.
    public var minima: [Index] {
        var found: [Index] = []
        for row in y.indices {
            for column in x.indices {
                let value = values[row][column]
                guard value.isFinite else { continue }
                let isLowest = neighbours(row, column).allSatisfy { near in
                    let other = values[near.row][near.column]
                    // On a plateau the first of its points stands for it.
                    return !other.isFinite || value < other
                        || (value == other && (row, column) < (near.row, near.column))
                }
                if isLowest { found.append(Index(row: row, column: column)) }
            }
        }
        return found.sorted { values[$0.row][$0.column] < values[$1.row][$1.column] }
    }

    /// Whether a grid point has neighbours on all sides.
    package func isInside(_ index: Index) -> Bool {
        index.row > 0 && index.column > 0 && index.row < y.count - 1 && index.column < x.count - 1
    }

    /// Share of the inner grid points whose Hessian by differences is positive definite: where a Newton step is
    /// one downhill.
    public var convexShare: Double {
        guard x.count > 2, y.count > 2 else { return 0 }
        var (convex, counted) = (0, 0)
        for row in 1..<(y.count - 1) {
            for column in 1..<(x.count - 1) {
                let v = { (r: Int, c: Int) in values[row + r][column + c] }
                let xx = v(0, 1) - 2 * v(0, 0) + v(0, -1)
                let yy = v(1, 0) - 2 * v(0, 0) + v(-1, 0)
                let xy = (v(1, 1) - v(1, -1) - v(-1, 1) + v(-1, -1)) / 4
                guard (xx + yy + xy).isFinite else { continue }
                counted += 1
                if xx > 0 && xx * yy > xy * xy { convex += 1 }
            }
        }
        return counted == 0 ? 0 : Double(convex) / Double(counted)
    }

    /// The grid points from which steepest descent over the grid's neighbours ends in `minimum`: its basin.
    public func basin(of minimum: Index) -> Set<Index> {
        var ends: [Index: Index] = [:]
        func end(_ start: Index) -> Index {
            var trail: [Index] = []
            var point = start
            while ends[point] == nil {
                trail.append(point)
                let below = neighbours(point.row, point.column)
                    .filter { values[$0.row][$0.column] < values[point.row][point.column] }
                    .min { steepness(from: point, to: $0) < steepness(from: point, to: $1) }
                guard let below else { break }
                point = below
            }
            let last = ends[point] ?? point
            for index in trail { ends[index] = last }
            return last
        }
        var basin: Set<Index> = []
        for row in y.indices {
            for column in x.indices where values[row][column].isFinite {
                let index = Index(row: row, column: column)
                if end(index) == minimum { basin.insert(index) }
            }
        }
        return basin
    }

    /// Change for a step, a diagonal one being longer: negative downhill.
    private func steepness(from point: Index, to other: Index) -> Double {
        let isDiagonal = point.row != other.row && point.column != other.column
        return (values[other.row][other.column] - values[point.row][point.column])
            / (isDiagonal ? 2.0.squareRoot() : 1)
    }

    private func neighbours(_ row: Int, _ column: Int) -> [Index] {
        var list: [Index] = []
        for r in max(0, row - 1)...min(y.count - 1, row + 1) {
            for c in max(0, column - 1)...min(x.count - 1, column + 1) where (r, c) != (row, column) {
                list.append(Index(row: r, column: c))
            }
        }
        return list
    }
}

/// Counts rows as workers finish them.
private actor RowCounter {
    private var done = 0
    private let total: Int
    private let report: @Sendable (Int, Int) -> Void

    init(total: Int, report: @escaping @Sendable (Int, Int) -> Void) {
        (self.total, self.report) = (total, report)
    }

    func finishedRow() {
        done += 1
        report(done, total)
    }
}
