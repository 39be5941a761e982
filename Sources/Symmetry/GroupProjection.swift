import Crystallography
import NumericalMethods

/// The projection of a set of atoms on the structures that have a space group: every atom becomes the mean over
/// the group of the images of its partners.
///
/// All coordinates refer to the group's tabulated setting. Atoms that differ by a lattice translation of the
/// group (the copies in a supercell) form a class and are averaged first.
struct GroupProjection: Sendable {
    /// The class of each atom.
    let classes: [Int]
    /// Idealised, one per class.
    let positions: [SIMD3<Double>]
    /// Idealised, one per atom, in the image next to the atom's own position.
    let images: [SIMD3<Double>]
    /// The orbit of each class, numbered in the order of first appearance.
    let orbits: [Int]
    /// The largest distance (Å) between the image of an atom and its partner before the projection: the honest
    /// tolerance.
    let deviation: Double

    /// - Parameters:
    ///   - kinds: equal for atoms that symmetry may exchange.
    ///   - points: coordinates on the group's setting.
    ///   - lattice: of that setting; it must have the group's metric.
    ///   - copies: atoms per class.
    ///   - closest: the least distance (Å) between two atoms of the structure.
    ///   - translations: of the atoms, where they are known.
    /// - Returns: nil where the operations do not permute the atoms as a group does.
    init?(
        kinds: [Int], points: [SIMD3<Double>], lattice: Lattice, group: SpaceGroup, copies: Int,
        closest: Double, translations known: TranslationSearch? = nil
    ) {
        let translations = TranslationLattice(group.centring, lattice)
        let folding =
            known?.copies == copies
            ? Self.fold(kinds, points, known?.classes ?? [], translations)
            : Self.fold(kinds, points, copies: copies, translations)
        guard let folded = folding else { return nil }
        let count = folded.positions.count
        var members: [Int: [Int]] = [:]
        for index in 0..<count { members[folded.kinds[index], default: []].append(index) }
        let operations = group.operations.prefix(group.order / group.centring.vectors.count)

        var sums = [SIMD3<Double>](repeating: .zero, count: count)
        var permutations: [[Int]] = []
        permutations.reserveCapacity(operations.count)
        var largest = folded.spread
        for operation in operations {
            let rotation = Matrix3(operation.rotation)
            let shift = SIMD3<Double>(operation.translation) / Double(SymmetryOperation.denominator)
            var permutation = [Int](repeating: -1, count: count)
            for indices in members.values {
                let moved = indices.map { rotation * folded.positions[$0] + shift }
                guard
                    let partners = Self.pair(
                        moved, indices.map { folded.positions[$0] }, translations, sure: closest * closest / 4
                    )
                else { return nil }
                for (from, (to, difference)) in zip(indices, partners) {
                    permutation[from] = indices[to]
                    sums[indices[to]] += difference
                    largest = max(largest, lattice.length(difference))
                }
            }
            permutations.append(permutation)
        }
        let ideal = zip(folded.positions, sums).map { $0 + $1 / Double(operations.count) }
        // Below a quarter of the closest distance the partners are beyond doubt, and products of operations too.
        for (operation, permutation) in zip(operations, permutations) where largest >= closest / 4 {
            for (from, to) in permutation.enumerated() {
                let rest = translations.nearest(operation.apply(to: ideal[from]) - ideal[to])
                guard lattice.length(rest) < 1e-7 else { return nil }
            }
        }
        classes = folded.classes
        positions = ideal
        images = points.indices.map { atom in
            let target = ideal[folded.classes[atom]]
            return points[atom] + translations.nearest(target - points[atom])
        }
        deviation = largest
        var orbit = [Int](repeating: -1, count: count)
        var next = 0
        for index in 0..<count where orbit[index] < 0 {
            for permutation in permutations { orbit[permutation[index]] = next }
            next += 1
        }
        orbits = orbit
    }

    /// Points from which on boxes are worth their making.
    private static let manyPoints = 100

    /// For each moved point the index of its partner and the difference moved − partner; within `sure` (Å²) there
    /// is one partner only.
    private static func pair(
        _ moved: [SIMD3<Double>], _ fixed: [SIMD3<Double>], _ translations: TranslationLattice, sure: Double
    ) -> [(Int, SIMD3<Double>)]? {
        var taken = [Bool](repeating: false, count: fixed.count)
        var result: [(Int, SIMD3<Double>)] = []
        result.reserveCapacity(moved.count)
        let places = fixed.count < manyPoints ? nil : PlacesModuloCentring(fixed, translations, within: sure)
        pairing: for point in moved {
            let (best, difference) =
                places?.partner(of: point) ?? nearest(to: point, of: fixed, translations, sure: sure)
            if taken[best] { break pairing }
            taken[best] = true
            result.append((best, difference))
        }
        if result.count == moved.count { return result }
        // Two images share their nearest atom: the pairing of least total square decides.
        var cost = DenseMatrix(rows: moved.count, columns: fixed.count)
        for i in moved.indices {
            for j in fixed.indices {
                cost[i, j] = translations.square(translations.nearest(moved[i] - fixed[j]))
            }
        }
        guard let assignment = LinearAssignment(cost: cost) else { return nil }
        return assignment.columns.enumerated().map { i, j in
            (j, translations.nearest(moved[i] - fixed[j]))
        }
    }

    private static func nearest(
        to point: SIMD3<Double>, of fixed: [SIMD3<Double>], _ translations: TranslationLattice, sure: Double
    ) -> (index: Int, difference: SIMD3<Double>) {
        var (best, least, difference) = (-1, Double.infinity, SIMD3<Double>.zero)
        for (index, other) in fixed.enumerated() {
            let d = translations.nearest(point - other)
            let square = translations.square(d)
            if square < least { (best, least, difference) = (index, square, d) }
            if square < sure { break }
        }
        return (best, difference)
    }

    /// The same for classes that are known.
    private static func fold(
        _ kinds: [Int], _ points: [SIMD3<Double>], _ classes: [Int], _ translations: TranslationLattice
    ) -> (classes: [Int], positions: [SIMD3<Double>], kinds: [Int], spread: Double)? {
        var firsts: [Int] = []
        var sums: [SIMD3<Double>] = []
        var counts: [Int] = []
        var spread = 0.0
        for (atom, number) in classes.enumerated() {
            if number == firsts.count {
                firsts.append(atom)
                sums.append(.zero)
                counts.append(1)
                continue
            }
            let difference = translations.nearest(points[atom] - points[firsts[number]])
            sums[number] += difference
            counts[number] += 1
            spread = max(spread, translations.square(difference).squareRoot())
        }
        let positions = firsts.indices.map { points[firsts[$0]] + sums[$0] / Double(counts[$0]) }
        return (classes, positions, firsts.map { kinds[$0] }, spread)
    }

    /// Classes of atoms that coincide modulo the group's translations.
    private static func fold(
        _ kinds: [Int], _ points: [SIMD3<Double>], copies: Int, _ translations: TranslationLattice
    ) -> (classes: [Int], positions: [SIMD3<Double>], kinds: [Int], spread: Double)? {
        guard copies > 1 else { return (Array(points.indices), points, kinds, 0) }
        guard points.count % copies == 0 else { return nil }
        var classes = [Int](repeating: -1, count: points.count)
        var positions: [SIMD3<Double>] = []
        var classKinds: [Int] = []
        var spread = 0.0
        for first in points.indices where classes[first] < 0 {
            let near = points.indices.filter { classes[$0] < 0 && kinds[$0] == kinds[first] && $0 != first }
                .map { ($0, translations.nearest(points[$0] - points[first])) }
                .sorted { translations.square($0.1) < translations.square($1.1) }
            guard near.count >= copies - 1 else { return nil }
            var mean = SIMD3<Double>.zero
            for (index, difference) in near.prefix(copies - 1) {
                classes[index] = positions.count
                mean += difference
                spread = max(spread, translations.square(difference).squareRoot())
            }
            classes[first] = positions.count
            positions.append(points[first] + mean / Double(copies))
            classKinds.append(kinds[first])
        }
        return (classes, positions, classKinds, spread)
    }
}

/// Points in boxes, for finding the one that stands where an image is, up to the translations of a setting.
private struct PlacesModuloCentring {
    private let points: [SIMD3<Double>]
    private let grid: PointGrid
    private let translations: TranslationLattice
    private let square: Double
    private let radius: Double

    /// - Parameter square: Å²: so near there is one point at most.
    init?(_ points: [SIMD3<Double>], _ translations: TranslationLattice, within square: Double) {
        guard square.isFinite, square > 0 else { return nil }
        self.points = points
        self.translations = translations
        self.square = square
        radius = square.squareRoot()
        grid = PointGrid(points, translations.lattice)
    }

    /// The point within the radius of an image, and the image less the point.
    func partner(of image: SIMD3<Double>) -> (index: Int, difference: SIMD3<Double>)? {
        var found: (Int, SIMD3<Double>)?
        for shift in translations.allCentrings where found == nil {
            grid.forEach(near: image - shift, within: radius) { index in
                guard found == nil else { return }
                let difference = translations.nearest(image - points[index])
                if translations.square(difference) < square { found = (index, difference) }
            }
        }
        return found
    }
}

/// The translations of a tabulated setting, centring included.
struct TranslationLattice: Sendable {
    private let centrings: [SIMD3<Double>]
    private let metric: Matrix3
    let lattice: Lattice

    /// Zero and the centring vectors.
    var allCentrings: [SIMD3<Double>] { [.zero] + centrings }

    init(_ centring: Centring, _ lattice: Lattice) {
        centrings = centring.vectors.dropFirst().map {
            SIMD3<Double>($0) / Double(SymmetryOperation.denominator)
        }
        metric = lattice.metric
        self.lattice = lattice
    }

    /// Squared length in Å².
    func square(_ v: SIMD3<Double>) -> Double { v.dot(metric * v) }

    /// The difference less the translation that leaves it shortest, as far as rounding tells: right for
    /// differences below half the cell's edges.
    func nearest(_ difference: SIMD3<Double>) -> SIMD3<Double> {
        var best = difference.nearestImage
        guard !centrings.isEmpty else { return best }
        var least = square(best)
        for centring in centrings {
            let candidate = (difference - centring).nearestImage
            let length = square(candidate)
            if length < least { (best, least) = (candidate, length) }
        }
        return best
    }
}
