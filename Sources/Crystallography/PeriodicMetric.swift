import NumericalMethods

/// Shortest vectors between points of a crystal whose basis is reduced or near to it; `PeriodicGeometry` takes any
/// basis.
public struct PeriodicMetric: Sendable {
    public let vectors: Matrix3
    /// Below this squared length the nearest image by rounding is surely the shortest: (½ · the least
    /// distance between lattice planes)².
    private let safe: Double
    private let shifts: [SIMD3<Double>]

    /// - Parameter lattice: Minkowski-reduced or nearly so.
    public init(_ lattice: Lattice) {
        vectors = lattice.vectors
        let spacing = lattice.reciprocal.lengths
        let half = 0.5 / max(spacing.x, spacing.y, spacing.z)
        safe = half * half
        var shifts: [SIMD3<Double>] = []
        for i in -1...1 {
            for j in -1...1 {
                for k in -1...1 where i != 0 || j != 0 || k != 0 {
                    shifts.append(SIMD3(Double(i), Double(j), Double(k)) * lattice.vectors)
                }
            }
        }
        self.shifts = shifts
    }

    /// The shortest distance between any two of the points; nil for fewer than two.
    public func closestPair(_ points: [SIMD3<Double>]) -> (first: Int, second: Int, distance: Double)? {
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
    public func shortest(_ difference: SIMD3<Double>) -> SIMD3<Double> {
        let v = difference.nearestImage * vectors
        return v.dot(v) <= safe ? v : shortestOfNeighbours(v)
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
