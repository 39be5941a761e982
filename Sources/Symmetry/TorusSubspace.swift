import NumericalMethods

/// A point, line or plane of the torus of fractional coordinates, exact: {M x + v/24}.
///
/// It is written in one way only: the coordinates that move freely (`pivots`) have coefficient 1 and no offset,
/// the others are integer combinations of them plus v in [0, 1). So equal subspaces compare equal.
struct TorusSubspace: Sendable, Hashable {
    /// Column k holds the direction read by coordinate k; zero where k is no pivot. M² = M.
    let matrix: IntegerMatrix3
    /// Over 24, in [0, 24), zero at the pivots.
    let translation: SIMD3<Int>

    static let wholeSpace = TorusSubspace(matrix: .identity, translation: .zero)

    private init(matrix: IntegerMatrix3, translation: SIMD3<Int>) {
        self.matrix = matrix
        self.translation = translation
    }

    /// Through `point` (over 24) along `directions`; nil where no coordinate reads a direction, which happens in
    /// sheared cells only.
    init?(through point: SIMD3<Int>, along directions: [SIMD3<Int>]) {
        let fixed: (directions: [SIMD3<Int>], pivots: [Int], isNamed: Bool)
        switch directions.count {
        case 0: fixed = ([], [], true)
        case 1: fixed = FixedDirections.line(primitive(directions[0]))
        case 2: fixed = FixedDirections.plane(normal: primitive(crossProduct(directions[0], directions[1])))
        default: fixed = ([SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], [0, 1, 2], true)
        }
        guard fixed.isNamed else { return nil }
        var matrix = IntegerMatrix3(rows: .zero, .zero, .zero)
        var base = point
        for (direction, pivot) in zip(fixed.directions, fixed.pivots) {
            base = base &- direction &* point[pivot]
            for row in 0..<3 { matrix[row, pivot] = direction[row] }
        }
        self.init(
            matrix: matrix,
            translation: SymmetryOperation(rotation: .identity, translation: base).wrapped.translation)
    }

    var directions: [SIMD3<Int>] {
        (0..<3).map { SIMD3(matrix[0, $0], matrix[1, $0], matrix[2, $0]) }.filter { $0 != .zero }
    }

    var dimension: Int { matrix.trace }

    /// The subspace carried along.
    func moved(by operation: SymmetryOperation) -> TorusSubspace? {
        TorusSubspace(
            through: operation.rotation * translation &+ operation.translation,
            along: directions.map { operation.rotation * $0 })
    }

    /// Whether an operation leaves every point of it in place, up to a lattice vector.
    func isFixed(by operation: SymmetryOperation) -> Bool {
        guard operation.rotation * matrix == matrix else { return false }
        let moved = operation.rotation * translation &+ operation.translation &- translation
        return moved % SIMD3(repeating: SymmetryOperation.denominator) == .zero
    }

    /// The stabilizer of its generic point with lattice translations, so that R x + t = x exactly.
    func stabilizer(in operations: [SymmetryOperation]) -> [SymmetryOperation] {
        operations.filter(isFixed).map { operation in
            SymmetryOperation(
                rotation: operation.rotation, translation: translation &- operation.rotation * translation)
        }
    }
}
