import Crystallography
import NumericalMethods

/// The translations of a crystal beside those of its cell, and a small cell that they leave.
///
/// spglib looks at every pair of atoms, which takes minutes for ten thousand; here a translation is held against the
/// atoms through boxes, and the group of those found spares the looking at their sums.
struct TranslationSearch: Sendable {
    /// Translations modulo the cell.
    let copies: Int
    /// The class of each atom: atoms of one differ by a translation.
    let classes: [Int]
    /// What spglib is given.
    let small: SmallCell

    /// A cell of the same crystal that holds fewer atoms.
    struct SmallCell: Sendable {
        /// Rows: its vectors on the large cell's, right-handed as those are.
        let basis: Matrix3
        /// The small cell's atom that each atom is a copy of.
        let atoms: [Int]
        /// The first copy of each of its atoms.
        let representatives: [Int]
        /// Means over the copies; fractional coordinates of the large cell.
        let positions: [SIMD3<Double>]
    }

    /// Atoms up to which a cell that keeps the directions of the large one's vectors is small enough: from them spglib
    /// chooses among equivalent descriptions. Beyond (seconds in spglib) it is the primitive cell.
    private static let manyAtoms = 600

    /// - Parameters:
    ///   - positions: fractional coordinates on the lattice.
    ///   - lattice: nearly reduced.
    ///   - kinds: equal for atoms that symmetry may exchange, numbered from 0.
    ///   - tolerance: Å.
    /// - Returns: nil where no translation makes the cell smaller, or none beyond doubt at this tolerance.
    init?(positions: [SIMD3<Double>], kinds: [Int], lattice: Lattice, tolerance: Double) {
        let crowd = Crowd(positions, kinds, lattice, tolerance)
        guard crowd.divisor > 1 else { return nil }
        let found = Self.generators(crowd)
        guard !found.isEmpty else { return nil }
        let group = TranslationGroup(found.map(\.translation))
        guard let folded = Fold(crowd, found.map(\.permutation), group),
            // Differences of the deviations of four atoms stay below the tolerance: no call of spglib doubts it.
            4 * folded.largest <= tolerance
        else { return nil }
        let division = group.division
        let divisor = division.wrappedProduct
        if positions.count / divisor <= Self.manyAtoms {
            guard divisor > 1 else { return nil }
            let basis = Matrix3(diagonal: 1 / SIMD3<Double>(division))
            small = folded.smallCell(basis, group, modulo: SIMD3(repeating: group.denominator) / division)
        } else {
            guard let basis = group.firstBasis(folded.translationsOfClass(of: crowd.origin)) else {
                return nil
            }
            small = folded.smallCell(basis, group, modulo: SIMD3(repeating: 1))
        }
        copies = group.order
        classes = folded.classes
    }

    /// Generators, each with where it takes every atom.
    private static func generators(_ crowd: Crowd) -> [(translation: ExactTranslation, permutation: [Int])] {
        var found: [(translation: ExactTranslation, permutation: [Int])] = []
        var isReached = [Bool](repeating: false, count: crowd.positions.count)
        isReached[crowd.origin] = true
        var reached = [crowd.origin]
        for atom in crowd.rarest where !isReached[atom] {
            guard let new = crowd.translation(to: atom) else { continue }
            found.append(new)
            var next = 0
            while next < reached.count {
                for (_, permutation) in found where !isReached[permutation[reached[next]]] {
                    isReached[permutation[reached[next]]] = true
                    reached.append(permutation[reached[next]])
                }
                next += 1
            }
        }
        return found
    }
}

/// A translation numerators/order of the cell, in lowest terms.
private struct ExactTranslation {
    let numerators: SIMD3<Int>
    let order: Int

    var vector: SIMD3<Double> { SIMD3<Double>(numerators) / Double(order) }
}

/// Atoms in boxes, by kind.
private struct Crowd {
    let positions: [SIMD3<Double>]
    let kinds: [Int]
    let metric: PeriodicMetric
    /// Atoms of the kind of which there are fewest.
    let rarest: [Int]
    /// The greatest common divisor of the numbers of each kind: the order of every translation divides it.
    let divisor: Int
    private let grid: PointGrid
    private let tolerance: Double

    var origin: Int { rarest[0] }

    init(_ positions: [SIMD3<Double>], _ kinds: [Int], _ lattice: Lattice, _ tolerance: Double) {
        self.positions = positions
        self.kinds = kinds
        self.tolerance = tolerance
        metric = PeriodicMetric(lattice)
        grid = PointGrid(positions, lattice)
        var members = [[Int]](repeating: [], count: (kinds.max() ?? -1) + 1)
        for (atom, kind) in kinds.enumerated() { members[kind].append(atom) }
        rarest = members.min { ($0.count, $0.first ?? 0) < ($1.count, $1.first ?? 0) } ?? []
        divisor = members.reduce(0) { greatestCommonDivisor($0, $1.count) }
    }

    /// The atom that stands where a translation takes one, within the tolerance.
    private func partner(of atom: Int, by translation: SIMD3<Double>) -> Int? {
        let place = positions[atom] + translation
        var best: Int?
        var least = tolerance * tolerance
        grid.forEach(near: place, within: tolerance) { other in
            guard kinds[other] == kinds[atom] else { return }
            let v = metric.shortest(positions[other] - place)
            if v.dot(v) <= least { (best, least) = (other, v.dot(v)) }
        }
        return best
    }

    /// The translation that takes the origin to an atom; nil where it does not take every atom to one of its kind.
    func translation(to atom: Int) -> (translation: ExactTranslation, permutation: [Int])? {
        let difference = positions[atom] - positions[origin]
        // Its order is how many steps lead back.
        var (order, place) = (1, atom)
        while place != origin {
            guard order < divisor, let next = partner(of: place, by: difference) else { return nil }
            (order, place) = (order + 1, next)
        }
        guard order > 1, divisor % order == 0 else { return nil }
        let scaled = (difference * Double(order)).rounded(.toNearestOrEven)
        let exact = ExactTranslation(numerators: SIMD3<Int>(scaled), order: order)
        guard metric.shortest(difference - exact.vector).length <= tolerance else { return nil }
        var isTaken = [Bool](repeating: false, count: positions.count)
        var permutation: [Int] = []
        permutation.reserveCapacity(positions.count)
        for atom in positions.indices {
            guard let partner = partner(of: atom, by: exact.vector), !isTaken[partner] else { return nil }
            isTaken[partner] = true
            permutation.append(partner)
        }
        return (exact, permutation)
    }
}

/// The group that translations generate modulo the cell, over one denominator.
private struct TranslationGroup {
    let generators: [SIMD3<Int>]
    let denominator: Int
    let order: Int
    private let lattice: TranslationBasis

    init(_ translations: [ExactTranslation]) {
        let common = translations.reduce(1) { $0 / greatestCommonDivisor($0, $1.order) * $1.order }
        denominator = common
        generators = translations.map { $0.numerators &* (common / $0.order) }
        lattice = TranslationBasis(
            generatedBy: generators + [SIMD3(common, 0, 0), SIMD3(0, common, 0), SIMD3(0, 0, common)])
        order = common * common * common / lattice.rows.determinant
    }

    func wrapped(_ v: SIMD3<Int>) -> SIMD3<Int> {
        let rest = v % SIMD3(repeating: denominator)
        return rest.replacing(with: rest &+ denominator, where: rest .< 0)
    }

    /// Into how many translations each of the cell's vectors divides.
    var division: SIMD3<Int> {
        var result = SIMD3(repeating: 1)
        for axis in 0..<3 {
            let step = (1...denominator).first { step in
                var vector = SIMD3<Int>.zero
                vector[axis] = step
                return denominator % step == 0 && lattice.reduce(vector) == .zero
            }
            result[axis] = denominator / (step ?? denominator)
        }
        return result
    }

    /// The first three, in their order and the cell's vectors after them, that span the whole lattice: what spglib takes,
    /// so that its choice among equivalent descriptions is that for the cell as it stands.
    func firstBasis(_ translations: [SIMD3<Int>]) -> Matrix3? {
        let unit = [SIMD3(denominator, 0, 0), SIMD3(0, denominator, 0), SIMD3(0, 0, denominator)]
        let vectors = translations.filter { $0 != .zero } + unit
        let coefficients = vectors.map(lattice.coefficients)
        func content(_ v: SIMD3<Int>) -> Int {
            v == .zero ? 0 : (0..<3).reduce(0) { v[$1] == 0 ? $0 : greatestCommonDivisor($0, v[$1]) }
        }
        // A vector, then a pair, then three that a basis can hold.
        for i in vectors.indices where content(coefficients[i]) == 1 {
            for j in vectors.indices.dropFirst(i + 1) {
                let normal = coefficients[i].cross(coefficients[j])
                guard content(normal) == 1 else { continue }
                for k in vectors.indices.dropFirst(j + 1) {
                    let volume = (normal &* coefficients[k]).wrappedSum()
                    guard abs(volume) == 1 else { continue }
                    let rows = IntegerMatrix3(rows: vectors[i], vectors[j], vectors[k])
                    return (Double(rows.determinant < 0 ? -1 : 1) / Double(denominator)) * Matrix3(rows)
                }
            }
        }
        return nil
    }
}

extension SIMD3 where Scalar == Int {
    fileprivate var wrappedProduct: Int { x &* y &* z }

    fileprivate func cross(_ other: SIMD3<Int>) -> SIMD3<Int> {
        SIMD3(y &* other.z &- z &* other.y, z &* other.x &- x &* other.z, x &* other.y &- y &* other.x)
    }
}

extension TranslationBasis {
    /// The integers that make a vector of the lattice from the rows.
    fileprivate func coefficients(_ v: SIMD3<Int>) -> SIMD3<Int> {
        var rest = v
        var result = SIMD3<Int>.zero
        for axis in [2, 1, 0] {
            result[axis] = rest[axis] / rows[axis][axis]
            rest = rest &- rows[axis] &* result[axis]
        }
        return result
    }
}

/// The atoms laid on one another by the translations.
private struct Fold {
    private(set) var classes: [Int]
    private(set) var representatives: [Int] = []
    private(set) var positions: [SIMD3<Double>] = []
    /// The translation from each atom's representative to it, over the group's denominator, in the cell.
    private var translations: [SIMD3<Int>]
    /// The largest deviation (Å) of an atom from its class's mean.
    private(set) var largest = 0.0

    /// nil where the classes are not as large as the group.
    init?(_ crowd: Crowd, _ permutations: [[Int]], _ group: TranslationGroup) {
        let count = crowd.positions.count
        classes = [Int](repeating: -1, count: count)
        translations = [SIMD3<Int>](repeating: .zero, count: count)
        for first in 0..<count where classes[first] < 0 {
            var members = [first]
            classes[first] = representatives.count
            var next = 0
            while next < members.count {
                let atom = members[next]
                for (permutation, generator) in zip(permutations, group.generators)
                where classes[permutation[atom]] < 0 {
                    classes[permutation[atom]] = representatives.count
                    translations[permutation[atom]] = group.wrapped(translations[atom] &+ generator)
                    members.append(permutation[atom])
                }
                next += 1
            }
            guard members.count == group.order else { return nil }
            let deviations = members.map { atom in
                let shift = SIMD3<Double>(translations[atom]) / Double(group.denominator)
                return (crowd.positions[atom] - crowd.positions[first] - shift).nearestImage
            }
            let mean = deviations.reduce(.zero, +) / Double(members.count)
            for deviation in deviations {
                largest = max(largest, crowd.metric.shortest(deviation - mean).length)
            }
            representatives.append(first)
            positions.append(crowd.positions[first] + mean)
        }
    }

    /// The cell on a basis of translations, in the order of the atoms.
    ///
    /// - Parameter steps: translations over the group's denominator are the same atom's there where they differ by
    ///   multiples of these along the axes; by 1 where all are.
    func smallCell(
        _ basis: Matrix3, _ group: TranslationGroup, modulo steps: SIMD3<Int>
    ) -> TranslationSearch.SmallCell {
        struct Key: Hashable {
            let number: Int
            let translation: SIMD3<Int>
        }
        var known: [Key: Int] = [:]
        var atoms: [Int] = []
        var firsts: [Int] = []
        var places: [SIMD3<Double>] = []
        for (atom, number) in classes.enumerated() {
            let key = Key(number: number, translation: translations[atom] % steps)
            if let index = known[key] {
                atoms.append(index)
                continue
            }
            known[key] = firsts.count
            atoms.append(firsts.count)
            firsts.append(atom)
            places.append(
                positions[number] + SIMD3<Double>(translations[atom]) / Double(group.denominator))
        }
        return TranslationSearch.SmallCell(
            basis: basis, atoms: atoms, representatives: firsts, positions: places)
    }

    /// From an atom to each of its class, in the order of the atoms; the first stands for all where it is the atom.
    func translationsOfClass(of atom: Int) -> [SIMD3<Int>] {
        translations.indices.filter { classes[$0] == classes[atom] }.map { translations[$0] }
    }
}
