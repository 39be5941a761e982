import Crystallography
import NumericalMethods

/// The sites that points are held against, four side by side, kind after kind.
struct SiteLanes: Sendable {
    /// x, y and z of four sites after one another, fractional; the last four of a kind are filled up with its last site.
    private let lanes: [SIMD4<Double>]
    /// Of each kind, in fours.
    private let ranges: [Range<Int>]

    /// - Parameter blocks: the sites of each kind.
    init(_ blocks: [[SIMD3<Double>]]) {
        var lanes: [SIMD4<Double>] = []
        var ranges: [Range<Int>] = []
        for sites in blocks {
            let start = lanes.count / 3
            for first in stride(from: 0, to: sites.count, by: 4) {
                let four = (first..<first + 4).map { sites[min($0, sites.count - 1)] }
                for axis in 0..<3 {
                    lanes.append(SIMD4(four[0][axis], four[1][axis], four[2][axis], four[3][axis]))
                }
            }
            ranges.append(start..<lanes.count / 3)
        }
        (self.lanes, self.ranges) = (lanes, ranges)
    }

    /// A site by its place within its kind, and its squared distance (Å²).
    struct Nearest {
        var site: Int
        var square: Double
    }

    /// The site of a kind that is nearest to a point, every difference taken to its nearest whole numbers: where that is
    /// farther than `LaneMetric.safe`, another image or another site may be nearer, though none is nearer than that.
    @inline(__always)
    func nearest(to point: SIMD3<Double>, kind: Int, _ metric: LaneMetric) -> Nearest {
        let (px, py, pz) = (
            SIMD4(repeating: point.x), SIMD4(repeating: point.y), SIMD4(repeating: point.z)
        )
        var least = SIMD4<Double>(repeating: .infinity)
        var place = SIMD4<Double>(repeating: 0)
        lanes.withUnsafeBufferPointer { lanes in
            for k in ranges[kind] {
                var (x, y, z) = (lanes[3 * k] - px, lanes[3 * k + 1] - py, lanes[3 * k + 2] - pz)
                // Adding and subtracting rounds to the nearest whole number, to the even one of two.
                x -= (x + Self.rounding) - Self.rounding
                y -= (y + Self.rounding) - Self.rounding
                z -= (z + Self.rounding) - Self.rounding
                let square = metric.squares(x, y, z)
                let isLess = square .< least
                least.replace(with: square, where: isLess)
                place.replace(with: SIMD4(repeating: Double(k)), where: isLess)
            }
        }
        var best = 0
        for lane in 1..<4
        where (least[lane], place[lane]) < (least[best], place[best]) { best = lane }
        guard least[best] < .infinity else { return Nearest(site: 0, square: .infinity) }
        return Nearest(site: 4 * (Int(place[best]) - ranges[kind].lowerBound) + best, square: least[best])
    }

    private static let rounding = SIMD4<Double>(repeating: 6_755_399_441_055_744)
}

/// A metric for four differences at a time.
struct LaneMetric: Sendable {
    /// Å²; below it the image by rounding is the shortest, as in `PeriodicMetric`.
    let safe: Double
    private let vectors: Matrix3

    init(_ lattice: Lattice) {
        let spacing = lattice.reciprocal.lengths
        let half = 0.5 / max(spacing.x, spacing.y, spacing.z)
        // Rounding must not make it larger than PeriodicMetric's.
        safe = half * half * (1 - 1e-9)
        vectors = lattice.vectors
    }

    @inline(__always)
    func squares(_ x: SIMD4<Double>, _ y: SIMD4<Double>, _ z: SIMD4<Double>) -> SIMD4<Double> {
        let (a, b, c) = vectors.rows
        let u = x * a.x + y * b.x + z * c.x
        let v = x * a.y + y * b.y + z * c.y
        let w = x * a.z + y * b.z + z * c.z
        return u * u + v * v + w * w
    }
}
