import Crystallography
import NumericalMethods

/// Two equally many sites of the same kinds, sorted so that kinds stand in blocks; the search for the shift and
/// the pairing under which they lie closest.
package struct SiteAlignment {
    struct Result {
        /// Added to the first structure's (mapped) coordinates.
        var shift: SIMD3<Double>
        /// The site of the second structure that each site of the first is paired with (original indices).
        var partners: [Int]
        /// Å, by site of the first structure.
        var distances: [Double]
        var rms: Double
        var maximum: Double
    }

    /// Original indices by block.
    private let firstOrder: [Int]
    private let secondOrder: [Int]
    private let blocks: [Range<Int>]
    private let anchors: Range<Int>

    /// - Returns: nil where the two do not hold the same kinds in the same numbers.
    package init?(_ first: [Site], _ second: [Site]) {
        guard first.count == second.count, !first.isEmpty else { return nil }
        let kinds = (first.map(SiteKind.init), second.map(SiteKind.init))
        firstOrder = first.indices.sorted { (kinds.0[$0], $0) < (kinds.0[$1], $1) }
        secondOrder = second.indices.sorted { (kinds.1[$0], $0) < (kinds.1[$1], $1) }
        var blocks: [Range<Int>] = []
        var start = 0
        for k in first.indices {
            guard kinds.0[firstOrder[k]] == kinds.1[secondOrder[k]] else { return nil }
            if k + 1 == first.count || kinds.0[firstOrder[k + 1]] != kinds.0[firstOrder[k]] {
                blocks.append(start..<k + 1)
                start = k + 1
            }
        }
        guard let anchors = blocks.min(by: { $0.count < $1.count }) else { return nil }
        // Small blocks are cheap to look at and refuse a wrong shift as soon.
        self.blocks = blocks.sorted { ($0.count, $0.lowerBound) < ($1.count, $1.lowerBound) }
        self.anchors = anchors
    }

    /// Every shift that lays an atom of the rarest kind of the first on one of the second.
    ///
    /// - Parameter copies: the first's atoms stand in runs of so many that its own translations relate: one of each run
    ///   is enough.
    package func candidateShifts(
        _ first: [SIMD3<Double>], _ second: [SIMD3<Double>], copies: Int = 1
    ) -> [SIMD3<Double>] {
        anchors.filter { firstOrder[$0] % copies == 0 }.flatMap { i in
            anchors.map { j in (second[secondOrder[j]] - first[firstOrder[i]]).nearestImage }
        }
    }

    /// Σ over the first's atoms of the squared distance (Å²) to the nearest atom of the kind: no pairing at this shift
    /// has less. Whether that already pairs one to one.
    ///
    /// - Returns: nil where the sum exceeds `limit`.
    package func nearestSum(
        _ first: [SIMD3<Double>], _ second: [SIMD3<Double>], shift: SIMD3<Double>, _ metric: PeriodicMetric,
        limit: Double
    ) -> (sum: Double, isOneToOne: Bool)? {
        var sum = 0.0
        var isOneToOne = true
        return withUnsafeTemporaryAllocation(of: Bool.self, capacity: first.count) { taken in
            taken.initialize(repeating: false)
            for block in blocks {
                for i in block {
                    let origin = first[firstOrder[i]] + shift
                    var (nearest, least) = (i, Double.infinity)
                    for j in block {
                        let v = metric.shortest(second[secondOrder[j]] - origin)
                        let square = v.dot(v)
                        if square < least { (nearest, least) = (j, square) }
                    }
                    sum += least
                    guard sum <= limit else { return nil }
                    isOneToOne = isOneToOne && !taken[nearest]
                    taken[nearest] = true
                }
            }
            return (sum, isOneToOne)
        }
    }

    /// How much more than the best Σ d² that of the best anchored shift can be: 1 + N/n of the rarest kind.
    var slack: Double { 1 + Double(firstOrder.count) / Double(anchors.count) }

    /// The best pairing from a starting shift; the shift then becomes the one of least rms.
    ///
    /// - Parameters:
    ///   - free: the shift may be adjusted along these Cartesian directions only (orthonormal); nil for all.
    ///   - cutoff: gives up where an atom has no partner within this many Å at the starting shift.
    ///   - bound: gives up where the rms is surely above this.
    /// - Returns: nil where it gave up.
    func align(
        _ first: [SIMD3<Double>], _ second: [SIMD3<Double>], shift start: SIMD3<Double>,
        _ metric: PeriodicMetric, along free: [SIMD3<Double>]? = nil, cutoff: Double = .infinity,
        bound: Double = .infinity
    ) -> Result? {
        let count = first.count
        let inverse = metric.vectors.inverse
        var shift = start
        var pairing = [Int](repeating: -1, count: count)
        var vectors = [SIMD3<Double>](repeating: .zero, count: count)
        for round in 0..<8 {
            let largest = round == 0 ? cutoff * cutoff : .infinity
            let limit = round == 0 && bound < .infinity ? bound * bound * slack * Double(count) : .infinity
            guard
                let (new, found) = pair(first, second, shift, metric, largestSquare: largest, limit: limit)
            else { return nil }
            let isSame = new == pairing
            (pairing, vectors) = (new, found)
            if isSame { break }
            var mean = vectors.reduce(.zero, +) / Double(count)
            if let free { mean = free.reduce(.zero) { $0 + $1 * $1.dot(mean) } }
            shift += mean * inverse
            for k in vectors.indices { vectors[k] -= mean }
            if let free, free.isEmpty { break }
        }
        var partners = [Int](repeating: 0, count: count)
        var distances = [Double](repeating: 0, count: count)
        var (sum, maximum) = (0.0, 0.0)
        for k in 0..<count {
            let square = vectors[k].dot(vectors[k])
            partners[firstOrder[k]] = secondOrder[pairing[k]]
            distances[firstOrder[k]] = square.squareRoot()
            sum += square
            maximum = max(maximum, square)
        }
        return Result(
            shift: shift, partners: partners, distances: distances, rms: (sum / Double(count)).squareRoot(),
            maximum: maximum.squareRoot())
    }

    /// The assignment of least Σ d² within each kind, and the vectors from the shifted first to the second.
    private func pair(
        _ first: [SIMD3<Double>], _ second: [SIMD3<Double>], _ shift: SIMD3<Double>, _ metric: PeriodicMetric,
        largestSquare: Double, limit: Double
    ) -> (pairing: [Int], vectors: [SIMD3<Double>])? {
        var pairing = [Int](repeating: -1, count: first.count)
        var vectors = [SIMD3<Double>](repeating: .zero, count: first.count)
        var sum = 0.0
        for block in blocks {
            let size = block.count
            var squares = [Double](repeating: 0, count: size * size)
            var taken = [Bool](repeating: false, count: size)
            var isOneToOne = true
            for i in 0..<size {
                let origin = first[firstOrder[block.lowerBound + i]] + shift
                var (nearest, least) = (0, Double.infinity)
                for j in 0..<size {
                    let v = metric.shortest(second[secondOrder[block.lowerBound + j]] - origin)
                    let square = v.dot(v)
                    squares[i * size + j] = square
                    if square < least { (nearest, least) = (j, square) }
                }
                guard least <= largestSquare else { return nil }
                sum += least
                guard sum <= limit else { return nil }
                isOneToOne = isOneToOne && !taken[nearest]
                taken[nearest] = true
                pairing[block.lowerBound + i] = block.lowerBound + nearest
            }
            if !isOneToOne {
                let cost = DenseMatrix(rows: size, columns: size, elements: squares)
                guard let assignment = LinearAssignment(cost: cost) else { return nil }
                for i in 0..<size {
                    pairing[block.lowerBound + i] = block.lowerBound + assignment.columns[i]
                }
            }
        }
        for k in pairing.indices {
            vectors[k] = metric.shortest(second[secondOrder[pairing[k]]] - first[firstOrder[k]] - shift)
        }
        return (pairing, vectors)
    }
}
