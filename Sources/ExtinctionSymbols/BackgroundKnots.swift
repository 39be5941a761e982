import Refinement

/// Hat functions between equidistant knots.
struct BackgroundKnots {
    let columns: [ProfileColumn]

    init(_ grid: [Double], spacing: Double) {
        guard let first = grid.first, let last = grid.last, last > first else {
            columns = []
            return
        }
        let count = max(1, Int(((last - first) / spacing).rounded()))
        let step = (last - first) / Double(count)
        columns = (0...count).compactMap { knot -> ProfileColumn? in
            let centre = first + Double(knot) * step
            let inside = grid.indices.filter { abs(grid[$0] - centre) < step }
            guard let start = inside.first, let end = inside.last else { return nil }
            let values = (start...end).map { 1 - abs(grid[$0] - centre) / step }
            return ProfileColumn(start: start, values: values)
        }
    }

    /// What is left of values after the hats have taken up what they can.
    ///
    /// - Parameter weights: of the points; where a knot sees none, it takes up nearly nothing.
    func removed(from values: [Double], weights: [Double]) -> [Double] {
        let floor = Self.leastWeight * weights.reduce(0, +) / Double(max(1, weights.count))
        let weights = weights.map { max($0, floor) }
        return BandedGram(columns, weights: weights).removing(columns, from: values, weights: weights)
    }

    /// Share of the mean weight that every point has, so that the normal equations are definite.
    private static let leastWeight = 1e-6
}
