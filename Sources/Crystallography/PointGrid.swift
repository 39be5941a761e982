import NumericalMethods

/// Points of a crystal sorted into boxes, about one to a box: what stands near a place is found without a look at all
/// of them.
package struct PointGrid: Sendable {
    private let reciprocal: SIMD3<Double>
    private let counts: SIMD3<Int>
    /// Where each box begins in `members`.
    private let starts: [Int]
    private let members: [Int]

    /// - Parameter points: fractional coordinates on the lattice's basis, whichever that is.
    package init(_ points: [SIMD3<Double>], _ lattice: Lattice) {
        reciprocal = lattice.reciprocal.lengths
        var boxes = SIMD3<Int>(repeating: 1)
        let edge = Self.spacing(of: points.count, in: lattice)
        for axis in 0..<3 {
            let height = 1 / reciprocal[axis]
            if height.isFinite, edge > 0 { boxes[axis] = max(1, Int(min(height / edge, Self.most))) }
        }
        counts = boxes
        let numbers = points.map { point -> Int in
            let box = Self.box(point.wrapped, boxes)
            return (box.x * boxes.y + box.y) * boxes.z + box.z
        }
        var starts = [Int](repeating: 0, count: boxes.x * boxes.y * boxes.z + 1)
        for number in numbers { starts[number + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        var members = [Int](repeating: 0, count: points.count)
        for (index, number) in numbers.enumerated() {
            members[next[number]] = index
            next[number] += 1
        }
        self.starts = starts
        self.members = members
    }

    /// Boxes along an axis at most, so that a needle of a cell does not ask for memory.
    private static let most = 1024.0

    /// (V/N)^⅓ in Å, about what lies between neighbours.
    package static func spacing(of count: Int, in lattice: Lattice) -> Double {
        let volume = lattice.volume / Double(max(1, count))
        // The cube root without Foundation: ten Newton steps from the mean edge are more than enough for boxes.
        guard volume > 0, volume.isFinite else { return 0 }
        var root = max(lattice.lengths.max(), 1)
        for _ in 0..<60 { root = (2 * root + volume / (root * root)) / 3 }
        return root
    }

    private static func box(_ point: SIMD3<Double>, _ counts: SIMD3<Int>) -> SIMD3<Int> {
        let box = SIMD3<Int>((point * SIMD3<Double>(counts)).rounded(.down))
        return box.clamped(lowerBound: .zero, upperBound: counts &- 1)
    }

    /// Every point that may stand within `radius` (Å) of a place or of an image of it, each once; some farther ones too.
    package func forEach(near place: SIMD3<Double>, within radius: Double, _ body: (Int) -> Void) {
        let point = place.wrapped
        let reach = reciprocal * radius
        // Half a millionth of a box more, for points that rounding puts across a wall.
        let low = ((point - reach) * SIMD3<Double>(counts) - 1e-6).rounded(.down)
        let high = ((point + reach) * SIMD3<Double>(counts) + 1e-6).rounded(.down)
        let span = (high - low + 1).clamped(
            lowerBound: SIMD3(repeating: 1), upperBound: SIMD3<Double>(counts))
        let (first, width) = (SIMD3<Int>(low), SIMD3<Int>(span))
        func wrapped(_ value: Int, _ count: Int) -> Int { ((value % count) + count) % count }
        for i in 0..<width.x {
            let x = wrapped(first.x + i, counts.x) * counts.y
            for j in 0..<width.y {
                let y = (x + wrapped(first.y + j, counts.y)) * counts.z
                for k in 0..<width.z {
                    let number = y + wrapped(first.z + k, counts.z)
                    for slot in starts[number]..<starts[number + 1] { body(members[slot]) }
                }
            }
        }
    }
}

extension [Site] {
    /// Without those that stand within `tolerance` (Å) of an earlier one with the same occupants, images of it included.
    package func distinct(in lattice: Lattice, within tolerance: Double) -> [Site] {
        let grid = PointGrid(map(\.position), lattice)
        var isKept = [Bool](repeating: false, count: count)
        for index in indices {
            let site = self[index]
            isKept[index] = true
            grid.forEach(near: site.position, within: tolerance) { other in
                guard other < index, isKept[other], self[other].occupants == site.occupants else { return }
                let difference = (self[other].position - site.position).nearestImage
                if lattice.length(difference) < tolerance { isKept[index] = false }
            }
        }
        return indices.filter { isKept[$0] }.map { self[$0] }
    }
}
