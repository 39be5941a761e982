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
    /// The sites of each kind, small kinds first: they are cheap to look at and refuse a wrong shift as soon.
    private let blocks: [Range<Int>]
    private let anchors: Range<Int>

    /// Sites of either structure.
    var count: Int { firstOrder.count }

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
        var shifts: [SIMD3<Double>] = []
        shifts.reserveCapacity(anchors.count * anchors.count / copies)
        for i in anchors where firstOrder[i] % copies == 0 {
            for j in anchors {
                shifts.append((second[secondOrder[j]] - first[firstOrder[i]]).nearestImage)
            }
        }
        return shifts
    }

    /// Where the second structure's sites are, prepared for many questions.
    package struct Target: Sendable {
        /// In the order of the blocks' indices.
        fileprivate let positions: [SIMD3<Double>]
        let lanes: SiteLanes
    }

    package func target(_ second: [SIMD3<Double>]) -> Target {
        let positions = secondOrder.map { second[$0] }
        return Target(positions: positions, lanes: SiteLanes(blocks.map { Array(positions[$0]) }))
    }

    /// The first's atoms kind by kind as a target's sites are, the rarest first.
    func sequence(_ first: [SIMD3<Double>]) -> [(position: SIMD3<Double>, kind: Int)] {
        var result: [(position: SIMD3<Double>, kind: Int)] = []
        result.reserveCapacity(count)
        for (kind, block) in blocks.enumerated() {
            for k in block { result.append((first[firstOrder[k]], kind)) }
        }
        return result
    }

    /// The site of a kind, by its place in the block, that is nearest to a point.
    ///
    /// - Returns: nil where none is within `limit` (Å²).
    @inline(__always)
    private func nearest(
        to point: SIMD3<Double>, kind: Int, _ target: Target, _ metric: AlignmentMetric, limit: Double
    ) -> SiteLanes.Nearest? {
        let found = target.lanes.nearest(to: point, kind: kind, metric.lanes)
        if found.square <= metric.lanes.safe { return found.square <= limit ? found : nil }
        guard metric.lanes.safe <= limit else { return nil }
        var best = SiteLanes.Nearest(site: 0, square: .infinity)
        for (site, j) in blocks[kind].enumerated() {
            let v = metric.periodic.shortest(target.positions[j] - point)
            let square = v.dot(v)
            if square < best.square { best = SiteLanes.Nearest(site: site, square: square) }
        }
        return best.square <= limit ? best : nil
    }

    /// Σ over the first's atoms of the squared distance (Å²) to the nearest atom of the kind: no pairing at this shift
    /// has less.
    ///
    /// - Returns: nil where the sum exceeds `limit`.
    package func nearestSum(
        _ first: [SIMD3<Double>], _ target: Target, shift: SIMD3<Double>, _ metric: AlignmentMetric,
        limit: Double = .infinity
    ) -> Double? {
        var sum = 0.0
        for (kind, block) in blocks.enumerated() {
            for i in block {
                let point = first[firstOrder[i]] + shift
                guard let found = nearest(to: point, kind: kind, target, metric, limit: limit - sum) else {
                    return nil
                }
                sum += found.square
            }
        }
        return sum
    }

    /// How much more than the best Σ d² that of the best anchored shift can be: 1 + N/n of the rarest kind.
    var slack: Double { 1 + Double(firstOrder.count) / Double(anchors.count) }

    /// Which site each is paired with at a shift.
    struct Pairing {
        /// In the order of the blocks' indices.
        fileprivate(set) var partners: [Int]
        /// Å, from the shifted first's sites to their partners.
        fileprivate(set) var vectors: [SIMD3<Double>]
        /// Whether every site is paired with the one next to it.
        fileprivate(set) var isNearest: Bool

        /// Å.
        var mean: SIMD3<Double> { vectors.reduce(.zero, +) / Double(vectors.count) }
    }

    /// The best pairing from a starting shift; the shift then becomes the one of least rms.
    ///
    /// - Parameters:
    ///   - free: the shift may be adjusted along these Cartesian directions only (orthonormal); nil for all.
    ///   - cutoff: gives up where an atom has no partner within this many Å at the starting shift.
    ///   - bound: gives up where the rms is surely above this.
    /// - Returns: nil where it gave up.
    func align(
        _ first: [SIMD3<Double>], _ target: Target, shift: SIMD3<Double>, _ metric: AlignmentMetric,
        along free: [SIMD3<Double>]? = nil, cutoff: Double = .infinity, bound: Double = .infinity
    ) -> Result? {
        let limit = bound < .infinity ? bound * bound * slack * Double(count) : .infinity
        let start = pair(first, target, shift, metric, largestSquare: cutoff * cutoff, limit: limit)
        return start.flatMap { settled($0, first, target, shift: shift, metric, along: free) }
    }

    /// Pairings that follow one another until the same comes again; nearly always the second does.
    private static let mostRounds = 8

    /// From a pairing at a shift to the best one nearby.
    func settled(
        _ given: Pairing, _ first: [SIMD3<Double>], _ target: Target, shift start: SIMD3<Double>,
        _ metric: AlignmentMetric, along free: [SIMD3<Double>]? = nil
    ) -> Result? {
        let inverse = metric.periodic.vectors.inverse
        var shift = start
        var pairing = given
        for round in 0..<Self.mostRounds {
            if round > 0 {
                guard let new = pair(first, target, shift, metric) else { return nil }
                let isSame = new.partners == pairing.partners
                pairing = new
                if isSame { break }
            }
            var mean = pairing.mean
            if let free { mean = free.reduce(.zero) { $0 + $1 * $1.dot(mean) } }
            shift += mean * inverse
            for k in pairing.vectors.indices { pairing.vectors[k] -= mean }
            if let free, free.isEmpty { break }
        }
        return result(pairing, shift)
    }

    /// Å: where every atom has a partner nearer than this, that is the nearest of its kind and no other atom's; half of
    /// the least distance between two of one kind.
    func reachOfNearest(_ target: Target, _ metric: AlignmentMetric) -> Double {
        // An atom's own image stands a lattice vector away.
        let closest = blocks.reduce(metric.periodic.vectors.shortestRow) { least, block in
            let pair = block.count > 1 ? metric.periodic.closestPair(Array(target.positions[block])) : nil
            return min(least, pair?.distance ?? .infinity)
        }
        return closest / 2 * (1 - 1e-9)
    }

    /// As `settled`, where the pairing at the shift of least rms is surely that which is given.
    ///
    /// - Returns: nil where that is not sure.
    func settledAtOnce(
        _ given: Pairing, shift: SIMD3<Double>, _ metric: AlignmentMetric, reach: Double
    ) -> Result? {
        guard given.isNearest else { return nil }
        let mean = given.mean
        var pairing = given
        for k in pairing.vectors.indices { pairing.vectors[k] -= mean }
        guard pairing.vectors.allSatisfy({ $0.dot($0) < reach * reach }) else { return nil }
        return result(pairing, shift + mean * metric.periodic.vectors.inverse)
    }

    private func result(_ pairing: Pairing, _ shift: SIMD3<Double>) -> Result {
        var partners = [Int](repeating: 0, count: count)
        var distances = [Double](repeating: 0, count: count)
        var (sum, maximum) = (0.0, 0.0)
        for (k, vector) in pairing.vectors.enumerated() {
            let square = vector.dot(vector)
            partners[firstOrder[k]] = secondOrder[pairing.partners[k]]
            distances[firstOrder[k]] = square.squareRoot()
            sum += square
            maximum = max(maximum, square)
        }
        return Result(
            shift: shift, partners: partners, distances: distances, rms: (sum / Double(count)).squareRoot(),
            maximum: maximum.squareRoot())
    }

    /// The assignment of least Σ d² within each kind.
    ///
    /// - Returns: nil where an atom has no partner within `largestSquare` (Å²), or the sum exceeds `limit`.
    func pair(
        _ first: [SIMD3<Double>], _ target: Target, _ shift: SIMD3<Double>, _ metric: AlignmentMetric,
        largestSquare: Double = .infinity, limit: Double = .infinity
    ) -> Pairing? {
        var pairing = Pairing(partners: [Int](repeating: -1, count: count), vectors: [], isNearest: true)
        var isTaken = [Bool](repeating: false, count: count)
        var sum = 0.0
        for (kind, block) in blocks.enumerated() {
            var isOneToOne = true
            for i in block {
                let reach = min(largestSquare, limit - sum)
                let point = first[firstOrder[i]] + shift
                guard let found = nearest(to: point, kind: kind, target, metric, limit: reach) else {
                    return nil
                }
                sum += found.square
                let partner = block.lowerBound + found.site
                isOneToOne = isOneToOne && !isTaken[partner]
                isTaken[partner] = true
                pairing.partners[i] = partner
            }
            guard !isOneToOne else { continue }
            pairing.isNearest = false
            guard let columns = assignment(first, target, shift, metric, of: block) else { return nil }
            for (i, column) in zip(block, columns) { pairing.partners[i] = block.lowerBound + column }
        }
        pairing.vectors = pairing.partners.indices.map {
            metric.periodic.shortest(target.positions[pairing.partners[$0]] - first[firstOrder[$0]] - shift)
        }
        return pairing
    }

    private func assignment(
        _ first: [SIMD3<Double>], _ target: Target, _ shift: SIMD3<Double>, _ metric: AlignmentMetric,
        of block: Range<Int>
    ) -> [Int]? {
        var squares = DenseMatrix(rows: block.count, columns: block.count)
        for (row, i) in block.enumerated() {
            let point = first[firstOrder[i]] + shift
            for (column, j) in block.enumerated() {
                let v = metric.periodic.shortest(target.positions[j] - point)
                squares[row, column] = v.dot(v)
            }
        }
        return LinearAssignment(cost: squares)?.columns
    }
}

/// The metric on which sites are held against one another; its basis is Minkowski-reduced or nearly so.
package struct AlignmentMetric: Sendable {
    let periodic: PeriodicMetric
    let lanes: LaneMetric

    package init(_ lattice: Lattice) { (periodic, lanes) = (PeriodicMetric(lattice), LaneMetric(lattice)) }
}

extension Matrix3 {
    fileprivate var shortestRow: Double { min(rows.0.length, rows.1.length, rows.2.length) }
}
