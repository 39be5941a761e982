import NumericalMethods

/// Points of a cell sorted into bins, so that what stands within a distance of a position is found among few.
struct PointBins {
    private let counts: SIMD3<Int>
    /// How many bins to each side hold what is within the distance.
    private let reach: SIMD3<Int>
    /// Points of bin b: `order[starts[b]..<starts[b + 1]]`.
    private let starts: [Int]
    private let order: [Int]
    /// Cells to each side at most; beyond it a cell is so flat that its atoms meet their images first.
    private static let mostReach = 1e5

    /// - Parameter points: fractional, in [0, 1).
    init(_ points: [SIMD3<Double>], lattice: Lattice, within cutoff: Double) {
        let share = lattice.reciprocal.lengths * cutoff
        // More bins than points cost without gain.
        let most = max(1, Double(points.count).squareRoot())
        func count(_ axis: Int) -> Int { Int(min(most, max(1, 1 / share[axis]))) }
        let counts = SIMD3(count(0), count(1), count(2))
        self.counts = counts
        let width = share * SIMD3<Double>(counts)
        func bins(_ axis: Int) -> Int { Int(min(Self.mostReach, width[axis].rounded(.up))) }
        reach = SIMD3(bins(0), bins(1), bins(2))
        let binOfPoint = points.map { Self.number(Self.bin($0, counts), counts) }
        var starts = [Int](repeating: 0, count: counts.x * counts.y * counts.z + 1)
        for bin in binOfPoint { starts[bin + 1] += 1 }
        for bin in starts.indices.dropFirst() { starts[bin] += starts[bin - 1] }
        var next = starts
        var order = [Int](repeating: 0, count: points.count)
        for (point, bin) in binOfPoint.enumerated() {
            order[next[bin]] = point
            next[bin] += 1
        }
        (self.starts, self.order) = (starts, order)
    }

    private static func bin(_ point: SIMD3<Double>, _ counts: SIMD3<Int>) -> SIMD3<Int> {
        let bin = SIMD3<Int>(point * SIMD3<Double>(counts))
        return pointwiseMin(bin, counts &- 1)
    }

    private static func number(_ bin: SIMD3<Int>, _ counts: SIMD3<Int>) -> Int {
        (bin.x * counts.y + bin.y) * counts.z + bin.z
    }

    /// Calls for every point and image that may be within the distance: its index and the lattice translation.
    func forEachCandidate(around position: SIMD3<Double>, _ body: (Int, SIMD3<Double>) -> Void) {
        let own = Self.bin(position, counts)
        for i in own.x - reach.x...own.x + reach.x {
            let (x, u) = Self.split(i, counts.x)
            for j in own.y - reach.y...own.y + reach.y {
                let (y, v) = Self.split(j, counts.y)
                for k in own.z - reach.z...own.z + reach.z {
                    let (z, w) = Self.split(k, counts.z)
                    let bin = Self.number(SIMD3(x, y, z), counts)
                    for index in order[starts[bin]..<starts[bin + 1]] { body(index, SIMD3(u, v, w)) }
                }
            }
        }
    }

    /// The bin inside the cell, and the cells it lies away.
    private static func split(_ bin: Int, _ count: Int) -> (Int, Double) {
        let cell = bin >= 0 ? bin / count : -((count - 1 - bin) / count)
        return (bin - cell * count, Double(cell))
    }
}
