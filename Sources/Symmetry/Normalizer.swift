import Crystallography
import NumericalMethods

/// The Euclidean normalizer of a space group: the isometries n with n G n⁻¹ = G (ITA Vol. A, 3.5).
///
/// They say which parameter values describe one crystal: other origins, other orientations, and its mirror image
/// where the group allows it. For the general metric of the crystal family, unless a lattice is named.
package struct Normalizer: Sendable {
    package let spaceGroup: SpaceGroup
    /// A basis of the directions along which any shift of the origin is a normalizing one.
    package let continuousDirections: [SIMD3<Int>]
    /// The other origins: one vector (over 24) for each normalizing translation modulo those of the group and the
    /// continuous ones; zero first.
    package let translations: [SIMD3<Int>]
    /// One element of each coset of G in N, modulo continuous translations; the identity first.
    package let cosets: [SymmetryOperation]
    /// A few of `cosets` that with G and the continuous translations generate N.
    package let generators: [SymmetryOperation]
    package let indexFactors: IndexFactors

    /// The factors of the index of G in N as ITA's Table 3.5.2 prints them.
    package struct IndexFactors: Sendable, Hashable {
        /// Continuous ones aside.
        package let translations: Int
        package let inversion: Int
        package let further: Int
    }

    /// - Parameter lattice: its own symmetry decides which axes may be exchanged; nil for the general metric of
    ///   the family.
    package init(of group: SpaceGroup, lattice: Lattice? = nil) {
        let candidates = lattice.map { Self.isometries(of: $0) } ?? Self.holohedry(of: group)
        let solver = NormalizingShifts(group)
        let pointGroup = Set(group.operations.map(\.rotation))
        var representatives: [SymmetryOperation] = []
        var covered: Set<IntegerMatrix3> = []
        for rotation in [.identity] + candidates where !covered.contains(rotation) {
            guard let shift = solver.first(for: rotation) else { continue }
            representatives.append(SymmetryOperation(rotation: rotation, translation: shift))
            covered.formUnion(pointGroup.map { rotation * $0 })
        }
        let translations = solver.all()
        spaceGroup = group
        continuousDirections = solver.directions
        self.translations = translations
        cosets = representatives.flatMap { representative in
            translations.map {
                SymmetryOperation(
                    rotation: representative.rotation,
                    translation: solver.reduce(representative.translation &+ $0))
            }
        }
        let hasInversion = covered.contains(-.identity) && !pointGroup.contains(-.identity)
        indexFactors = IndexFactors(
            translations: translations.count, inversion: hasInversion ? 2 : 1,
            further: representatives.count / (hasInversion ? 2 : 1))
        generators = Self.generators(cosets, representatives, group, solver)
    }

    /// |N : G|, continuous translations aside.
    package var index: Int { cosets.count }

    private static func generators(
        _ cosets: [SymmetryOperation], _ representatives: [SymmetryOperation], _ group: SpaceGroup,
        _ solver: NormalizingShifts
    ) -> [SymmetryOperation] {
        // The coset of an operation, by its representative's rotation and the reduced translation.
        let primitive = group.operations.prefix(group.order / group.centring.vectors.count)
        let rotations = Set(representatives.map(\.rotation))
        func canonical(_ operation: SymmetryOperation) -> SymmetryOperation {
            for element in primitive {
                let product = operation.combined(with: element)
                if rotations.contains(product.rotation) {
                    return SymmetryOperation(
                        rotation: product.rotation, translation: solver.reduce(product.translation))
                }
            }
            return operation
        }
        var result: [SymmetryOperation] = []
        var known: Set<SymmetryOperation> = [canonical(.identity)]
        for candidate in cosets where !known.contains(canonical(candidate)) {
            result.append(candidate)
            var queue = Array(known)
            while let last = queue.popLast() {
                for generator in result {
                    let product = canonical(generator.combined(with: last))
                    if known.insert(product).inserted { queue.append(product) }
                }
            }
        }
        return result
    }

    /// The rotations that keep every metric of the family, in the setting's basis.
    private static func holohedry(of group: SpaceGroup) -> [IntegerMatrix3] {
        // Constants of this file; `NormalizerTests` compares the groups that they generate.
        func matrix(_ text: String) -> IntegerMatrix3? { (try? SymmetryOperation(xyz: text))?.rotation }
        let texts: [String]
        switch group.latticeSystem {
        case .triclinic: texts = ["-x,-y,-z"]
        case .monoclinic:
            texts = ["-x,-y,-z", ["x,-y,-z", "-x,y,-z", "-x,-y,z"][group.uniqueAxis ?? 1]]
        case .orthorhombic: texts = ["-x,-y,-z", "-x,-y,z", "x,-y,-z"]
        case .tetragonal: texts = ["-x,-y,-z", "-y,x,z", "x,-y,-z"]
        case .rhombohedral where group.hasRhombohedralAxes: texts = ["-x,-y,-z", "z,x,y", "-y,-x,-z"]
        case .rhombohedral, .hexagonal: texts = ["-x,-y,-z", "x-y,x,z", "y,x,-z"]
        case .cubic: texts = ["-x,-y,-z", "z,x,y", "-y,x,z"]
        }
        let generators = texts.compactMap(matrix)
        var result: [IntegerMatrix3] = [.identity]
        var known = Set(result)
        var next = 0
        while next < result.count {
            for generator in generators {
                let product = generator * result[next]
                if known.insert(product).inserted { result.append(product) }
            }
            next += 1
        }
        return ordered(result)
    }

    /// The rotations that keep one lattice's metric, within 1e-4 of it; entries of at most 1 in size.
    private static func isometries(of lattice: Lattice) -> [IntegerMatrix3] {
        let metric = lattice.metric
        let bound = 1e-4 * metric.frobeniusNorm
        let rows = (0..<27).map { SIMD3($0 % 3 - 1, $0 / 3 % 3 - 1, $0 / 9 - 1) }
        // Columns are the images of the basis vectors: of equal length first.
        let columns = (0..<3).map { axis in
            rows.filter { v in
                let w = SIMD3<Double>(v)
                return abs(w.dot(metric * w) - metric[axis, axis]) < bound
            }
        }
        var result: [IntegerMatrix3] = []
        for a in columns[0] {
            for b in columns[1] {
                for c in columns[2] {
                    let candidate = IntegerMatrix3(rows: a, b, c).transpose
                    guard abs(candidate.determinant) == 1 else { continue }
                    let r = Matrix3(candidate)
                    if (r.transpose * metric * r - metric).frobeniusNorm < bound { result.append(candidate) }
                }
            }
        }
        return ordered(result)
    }

    /// The inversion first, then as they stand.
    private static func ordered(_ rotations: [IntegerMatrix3]) -> [IntegerMatrix3] {
        rotations.filter { $0 == -.identity } + rotations.filter { $0 != -.identity }
    }
}

/// Solves (P, p) G (P, p)⁻¹ = G for p on the grid of 1/24, origins along continuous directions held.
private struct NormalizingShifts {
    let directions: [SIMD3<Int>]
    private let pivots: [Int]
    /// One translation for each rotation.
    private let translationOf: [IntegerMatrix3: SIMD3<Int>]
    private let generators: [SymmetryOperation]
    private let centrings: Set<SIMD3<Int>>
    /// Centring vectors seen along the continuous directions.
    private let projected: [SIMD3<Int>]

    init(_ group: SpaceGroup) {
        let primitive = Array(group.operations.prefix(group.order / group.centring.vectors.count))
        let directions = group.polarDirections
        // Reduced echelon form: each direction has an index where it alone is 1.
        let pivots = directions.indices.map { number in
            (0..<3).first { axis in
                directions[number][axis] == 1
                    && directions.indices.allSatisfy { $0 == number || directions[$0][axis] == 0 }
            } ?? 0
        }
        self.directions = directions
        self.pivots = pivots
        translationOf = Dictionary(
            primitive.map { ($0.rotation, $0.translation) }, uniquingKeysWith: { a, _ in a })
        generators = MultiplicationTable(primitive.map(\.rotation)).generators.map { primitive[$0] }
        centrings = Set(group.centring.vectors)
        var lattice: [SIMD3<Int>] = []
        for vector in group.centring.vectors {
            let v = Self.onSlice(vector, directions, pivots)
            if !lattice.contains(v) { lattice.append(v) }
        }
        projected = lattice
    }

    private static func wrap(_ v: SIMD3<Int>) -> SIMD3<Int> {
        let n = SIMD3<Int>(repeating: SymmetryOperation.denominator)
        return ((v % n) &+ n) % n
    }

    private static func onSlice(_ v: SIMD3<Int>, _ directions: [SIMD3<Int>], _ pivots: [Int]) -> SIMD3<Int> {
        var result = v
        for (direction, pivot) in zip(directions, pivots) { result = result &- direction &* v[pivot] }
        return wrap(result)
    }

    /// The representative modulo lattice and continuous translations.
    func reduce(_ v: SIMD3<Int>) -> SIMD3<Int> {
        let base = Self.onSlice(v, directions, pivots)
        return projected.map { Self.wrap(base &+ $0) }.min { $0.precedes($1) } ?? base
    }

    /// (I − R')p must be `target` modulo the lattice.
    private struct Equation {
        let matrix: IntegerMatrix3
        let target: SIMD3<Int>
    }

    private func equations(for rotation: IntegerMatrix3) -> [Equation]? {
        guard let inverse = rotation.inverse else { return nil }
        // Translations must be carried on translations.
        guard centrings.allSatisfy({ centrings.contains(Self.wrap(rotation * $0)) }) else { return nil }
        var result: [Equation] = []
        for generator in generators {
            let image = rotation * generator.rotation * inverse
            guard let translation = translationOf[image] else { return nil }
            let difference = IntegerMatrix3(
                rows: SIMD3(1, 0, 0) &- image.row0, SIMD3(0, 1, 0) &- image.row1,
                SIMD3(0, 0, 1) &- image.row2)
            result.append(
                Equation(matrix: difference, target: translation &- rotation * generator.translation))
        }
        return result
    }

    private func search(_ equations: [Equation], _ visit: (SIMD3<Int>) -> Bool) {
        let n = SymmetryOperation.denominator
        func range(_ axis: Int) -> Range<Int> { 0..<(pivots.contains(axis) ? 1 : n) }
        for x in range(0) {
            for y in range(1) {
                next: for z in range(2) {
                    let p = SIMD3(x, y, z)
                    for equation in equations {
                        let rest = equation.matrix * p &- equation.target
                        guard centrings.contains(Self.wrap(rest)) else { continue next }
                    }
                    if !visit(p) { return }
                }
            }
        }
    }

    func first(for rotation: IntegerMatrix3) -> SIMD3<Int>? {
        guard let equations = equations(for: rotation) else { return nil }
        var found: SIMD3<Int>?
        search(equations) {
            found = $0
            return false
        }
        return found
    }

    func all() -> [SIMD3<Int>] {
        guard let equations = equations(for: .identity) else { return [.zero] }
        var known: Set<SIMD3<Int>> = []
        search(equations) {
            known.insert(reduce($0))
            return true
        }
        return known.sorted { $0.precedes($1) }
    }
}

extension SpaceGroup {
    /// The Euclidean normalizer for the general metric of the crystal family.
    package var normalizer: Normalizer { Normalizer(of: self) }

    /// For the 22 groups that come in two hands (P 41 and P 43, …): the partner, and the change of coordinates, an
    /// inversion included, that carries a crystal on its mirror image there. nil for all others: their mirror
    /// images have the same group.
    public var enantiomorph: (spaceGroup: SpaceGroup, transformation: ChangeOfBasis)? {
        let primitive = operations.prefix(order / centring.vectors.count)
        guard !primitive.contains(where: { $0.rotation.determinant < 0 }),
            let inversion = ChangeOfBasis(.inversion)
        else { return nil }
        let mirrored = operations.compactMap { inversion.apply(to: $0) }
        if let direct = SpaceGroup.matching(operations: mirrored) {
            return direct.number == number ? nil : (direct, inversion)
        }
        guard
            let found = SubgroupIdentification.identify(
                primitive.compactMap { inversion.apply(to: $0) }, translations: .of(centring)),
            found.spaceGroup.number != number
        else { return nil }
        return (found.spaceGroup, found.transformation.combined(with: inversion))
    }
}
