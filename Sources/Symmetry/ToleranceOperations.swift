import Crystallography
import Foundation
import NumericalMethods

/// Which operations a crystal has within each tolerance, up to a largest one: what spglib looks at, all tolerances at once.
///
/// Between two tolerances at which an operation comes in, nothing changes, so that one call of spglib answers for all between.
struct ToleranceOperations: Sendable {
    private struct Operation: Sendable {
        /// Place in `rotations`.
        let rotation: Int
        /// Å; from here on spglib finds it: how far its image of the lattice and of every atom is off.
        let deviation: Double
    }

    /// Matrices of the reduced primitive lattice with entries −1, 0, 1.
    private let rotations: [IntegerMatrix3]
    /// Å, rising: how far each is from mapping the lattice on itself.
    private let latticeDeviations: [Double]
    /// By their deviations, rising.
    private let operations: [Operation]
    /// Distances between atoms at most for which this is worth while: a call of spglib takes as long.
    private static let mostDistances = 3_000_000
    /// Of a lattice; spglib tries a smaller tolerance where it finds more.
    private static let mostRotations = 48

    /// - Parameter most: Å.
    /// - Returns: nil where it would take long.
    init?(_ input: SymmetryInput, upTo most: Double, exact: Double) {
        guard let cell = PrimitiveSites(input, within: exact) else { return nil }
        let most = most * Self.margin
        let lattice = cell.lattice
        unambiguous = lattice.lengths.min() / 2
        let pairs = Self.all.compactMap { rotation -> (IntegerMatrix3, Double)? in
            let deviation = Self.deviation(of: rotation, lattice)
            return deviation < most ? (rotation, deviation) : nil
        }.sorted { $0.1 < $1.1 }
        let perOperation = cell.sites.reduce(0) { $0 + $1.count * $1.count }
        let number = pairs.count * cell.sites[0].count
        guard number * perOperation <= Self.mostDistances else { return nil }
        rotations = pairs.map(\.0)
        latticeDeviations = pairs.map(\.1)
        var operations: [Operation] = []
        let metric = PeriodicMetric(lattice)
        for (index, (rotation, own)) in pairs.enumerated() {
            // The rows of the matrix are the images of the vectors.
            let change = Matrix3(rotation.transpose)
            let images = cell.sites.map { $0.map { change * $0 } }
            for partner in cell.sites[0] {
                let shift = partner - images[0][0]
                let deviation = Self.deviation(images, cell.sites, shift, metric, most)
                if deviation < most {
                    operations.append(Operation(rotation: index, deviation: max(own, deviation)))
                }
            }
        }
        self.operations = operations.sorted { $0.deviation < $1.deviation }
    }

    /// The operations within a tolerance (Å).
    struct Set: Hashable {
        /// How many of the lattice.
        let rotations: Int
        /// How many of the crystal.
        let operations: Int
    }

    /// Whether the same set is within tolerances somewhat smaller and larger: spglib measures the lattice on a basis of its own,
    /// and what comes in may come in a little earlier or later.
    func isClear(at tolerance: Double) -> Bool {
        tolerance * Self.margin < unambiguous
            && set(at: tolerance / Self.margin) == set(at: tolerance * Self.margin)
    }

    /// Å: half of the shortest lattice vector. Beyond it spglib, which looks the group up within the tolerance too, may take one
    /// whose translations differ.
    private let unambiguous: Double

    /// Factor of a tolerance.
    private static let margin = 1.25

    func set(at tolerance: Double) -> Set {
        Set(
            rotations: latticeDeviations.prefix { $0 < tolerance }.count,
            operations: operations.prefix { $0.deviation < tolerance }.count)
    }

    /// Whether the lattice has more rotations than there can be: spglib begins again at a smaller tolerance.
    func isCrowded(_ set: Set) -> Bool { set.rotations > Self.mostRotations }

    /// Å: the farthest that an operation of the set is off.
    func deviation(of set: Set) -> Double {
        set.operations > 0 ? operations[set.operations - 1].deviation : 0
    }

    /// The order of the group that the rotations are, each with one translation; nil where they are none.
    func order(of set: Set) -> Int? {
        let own = operations.prefix(set.operations).map { rotations[$0.rotation] }
        let distinct = Swift.Set(own)
        guard distinct.count == own.count else { return nil }
        for a in distinct { for b in distinct where !distinct.contains(a * b) { return nil } }
        return distinct.count
    }

    /// Whether translations make the primitive cell smaller, so that other rotations are those of the lattice.
    func hasTranslations(_ set: Set) -> Bool {
        operations.prefix(set.operations).count { rotations[$0.rotation] == .identity } > 1
    }

    private static func deviation(
        _ images: [[SIMD3<Double>]], _ sites: [[SIMD3<Double>]], _ shift: SIMD3<Double>,
        _ metric: PeriodicMetric, _ most: Double
    ) -> Double {
        var largest = 0.0
        for (own, others) in zip(images, sites) {
            for image in own {
                var least = Double.infinity
                for other in others {
                    least = min(least, metric.square(other - image - shift, within: most))
                }
                largest = max(largest, least)
                guard largest < .infinity else { return .infinity }
            }
        }
        return largest.squareRoot()
    }

    /// Å: lengths by their difference, angles by what their difference moves at the vectors' ends, as spglib has it.
    private static func deviation(of rotation: IntegerMatrix3, _ lattice: Lattice) -> Double {
        let moved = Matrix3(rotation) * lattice.vectors
        let (old, new) = (lattice.vectors.rows, moved.rows)
        let (a, b) = ([old.0, old.1, old.2], [new.0, new.1, new.2])
        var largest = (0..<3).map { abs(a[$0].length - b[$0].length) }.max() ?? 0
        for (i, j) in [(1, 2), (0, 2), (0, 1)] {
            let lengths = (a[i].length, a[j].length, b[i].length, b[j].length)
            let (c, d) = (
                a[i].dot(a[j]) / (lengths.0 * lengths.1), b[i].dot(b[j]) / (lengths.2 * lengths.3)
            )
            let cosine = c * d + (max(0, 1 - c * c) * max(0, 1 - d * d)).squareRoot()
            let sine = max(0, 1 - cosine * cosine)
            guard sine > 1e-12 else { continue }
            let mean = (lengths.0 + lengths.2) * (lengths.1 + lengths.3) / 4
            largest = max(largest, (sine * mean).squareRoot())
        }
        return largest
    }

    /// Of determinant ±1, with entries −1, 0, 1.
    private static let all: [IntegerMatrix3] = {
        let rows = (0..<27).map { SIMD3($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }
        return rows.flatMap { a in
            rows.flatMap { b in
                rows.compactMap { c in
                    let matrix = IntegerMatrix3(rows: a, b, c)
                    return abs(matrix.determinant) == 1 ? matrix : nil
                }
            }
        }
    }()
}

/// A crystal's primitive cell by its exact translations.
private struct PrimitiveSites {
    /// Reduced.
    let lattice: Lattice
    /// By kind, the rarest first; the first of it is the one that spglib starts from.
    let sites: [[SIMD3<Double>]]

    /// - Parameter exact: Å within which a translation counts.
    init?(_ input: SymmetryInput, within exact: Double) {
        let positions = input.structure.sites.map(\.position)
        let metric = PeriodicMetric(input.geometry.reduction.lattice)
        guard let inverse = input.geometry.reduction.transformation.inverse else { return nil }
        let toReduced = Matrix3(inverse).transpose
        let places = positions.map { toReduced * $0 }
        let members = Dictionary(grouping: places.indices) { input.kinds[$0] }
        let kinds = members.values.sorted { ($0.count, $0[0]) < ($1.count, $1[0]) }
        guard let rarest = kinds.first else { return nil }
        func isTranslation(_ shift: SIMD3<Double>) -> Bool {
            kinds.allSatisfy { kind in
                kind.allSatisfy { i in
                    kind.contains { j in
                        metric.square(places[j] - places[i] - shift, within: exact) < .infinity
                    }
                }
            }
        }
        let shifts = rarest.map { places[$0] - places[rarest[0]] }.filter(isTranslation)
        let count = shifts.count
        let scaled = shifts.map { SIMD3<Int>(($0 * Double(count)).rounded(.toNearestOrEven)) }
        let unit = [SIMD3(count, 0, 0), SIMD3(0, count, 0), SIMD3(0, 0, count)]
        let basis = TranslationBasis(generatedBy: scaled + unit).rows
        guard basis.determinant * count == count * count * count else { return nil }
        let primitive = (1 / Double(count)) * Matrix3(basis)
        let reduction = LatticeReduction(
            Lattice(vectors: primitive * input.geometry.reduction.lattice.vectors))
        lattice = reduction.lattice
        let change = (Matrix3(reduction.transformation) * primitive).transpose.inverse
        let small = PeriodicMetric(lattice)
        sites = kinds.map { kind in
            var own: [SIMD3<Double>] = []
            for i in kind {
                let place = change * places[i]
                if !own.contains(where: { small.square(place - $0, within: exact) < .infinity }) {
                    own.append(place)
                }
            }
            return own
        }
        guard sites.allSatisfy({ !$0.isEmpty }),
            sites.reduce(0, { $0 + $1.count }) * count == places.count
        else { return nil }
    }
}
