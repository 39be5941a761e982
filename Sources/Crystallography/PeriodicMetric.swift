import NumericalMethods

/// Shortest vectors between points of a crystal whose basis is reduced or near to it; `PeriodicGeometry` takes any
/// basis.
package struct PeriodicMetric: Sendable {
    package let vectors: Matrix3
    /// Below this squared length the nearest image by rounding is surely the shortest: (½ · the least
    /// distance between lattice planes)².
    private let safe: Double
    private let shifts: [SIMD3<Double>]

    /// - Parameter lattice: Minkowski-reduced or nearly so.
    package init(_ lattice: Lattice) {
        vectors = lattice.vectors
        let spacing = lattice.reciprocal.lengths
        let half = 0.5 / max(spacing.x, spacing.y, spacing.z)
        safe = half * half
        var shifts: [SIMD3<Double>] = []
        shifts.reserveCapacity(26)
        for i in -1...1 {
            for j in -1...1 {
                for k in -1...1 where i != 0 || j != 0 || k != 0 {
                    shifts.append(SIMD3(Double(i), Double(j), Double(k)) * lattice.vectors)
                }
            }
        }
        self.shifts = shifts
    }

    /// Points from which on boxes are worth their making.
    private static let manyPoints = 100
    /// No packing has its nearest neighbours farther apart than (√2 V/N)^⅓, that of equal spheres.
    private static let densestPacking = 1.1226

    /// The shortest distance between any two of the points; nil for fewer than two.
    package func closestPair(_ points: [SIMD3<Double>]) -> (first: Int, second: Int, distance: Double)? {
        if points.count >= Self.manyPoints, let pair = closestPairInBoxes(points) { return pair }
        return closestPairOfAll(points)
    }

    /// nil where no two points are as near as a packing's; the images of one point may be.
    private func closestPairInBoxes(
        _ points: [SIMD3<Double>]
    ) -> (first: Int, second: Int, distance: Double)? {
        let lattice = Lattice(vectors: vectors)
        let grid = PointGrid(points, lattice)
        let radius = Self.densestPacking * PointGrid.spacing(of: points.count, in: lattice)
        var (first, second, least) = (-1, -1, Double.infinity)
        for j in points.indices {
            grid.forEach(near: points[j], within: min(radius, least.squareRoot() * 1.000_001)) { i in
                guard i < j else { return }
                let v = shortest(points[j] - points[i])
                let square = v.dot(v)
                if square < least || (square == least && j == second && i < first) {
                    (first, second, least) = (i, j, square)
                }
            }
        }
        return least <= radius * radius ? (first, second, least.squareRoot()) : nil
    }

    private func closestPairOfAll(
        _ points: [SIMD3<Double>]
    ) -> (first: Int, second: Int, distance: Double)? {
        var (first, second, least) = (-1, -1, Double.infinity)
        for j in points.indices {
            for i in 0..<j {
                var v = (points[j] - points[i]).nearestImage * vectors
                var square = v.dot(v)
                // Beyond `safe` another image may be shorter, but not shorter than `safe`.
                if square > safe, least > safe {
                    v = shortestOfNeighbours(v)
                    square = v.dot(v)
                }
                if square < least { (first, second, least) = (i, j, square) }
            }
        }
        return first < 0 ? nil : (first, second, least.squareRoot())
    }

    /// The Cartesian vector (Å) of least length among the images of a fractional difference.
    package func shortest(_ difference: SIMD3<Double>) -> SIMD3<Double> {
        let v = difference.nearestImage * vectors
        return v.dot(v) <= safe ? v : shortestOfNeighbours(v)
    }

    /// The square of the shortest length where that is at most `limit` (Å); infinite beyond.
    package func square(_ difference: SIMD3<Double>, within limit: Double) -> Double {
        let v = difference.nearestImage * vectors
        let square = v.dot(v)
        // Beyond `safe` another image may be shorter, but not shorter than `safe`.
        if square <= safe { return square <= limit * limit ? square : .infinity }
        guard limit * limit >= safe else { return .infinity }
        let w = shortestOfNeighbours(v)
        return w.dot(w) <= limit * limit ? w.dot(w) : .infinity
    }

    private func shortestOfNeighbours(_ v: SIMD3<Double>) -> SIMD3<Double> {
        var (best, least) = (v, v.dot(v))
        for shift in shifts {
            let w = v + shift
            let square = w.dot(w)
            if square < least - 1e-12 { (best, least) = (w, square) }
        }
        return best
    }
}
