import NumericalMethods

/// The integer directions that a set of rotations leaves fixed, and how coordinates on them are named.
struct FixedDirections: Sendable, Hashable {
    /// A saturated integer basis of {v : R v = v for all R}, in reduced echelon form where the lattice allows it.
    let directions: [SIMD3<Int>]
    /// For each direction the coordinate that reads its parameter: the offset vanishes there.
    let pivots: [Int]
    /// Every direction has 1 at its own pivot and 0 at the others', so that the parameter *is* that coordinate.
    let isNamed: Bool
    /// 3 − dimension independent rows of the stacked R − 1, and which rotation and row each came from.
    let constraints: [(row: SIMD3<Int>, rotation: Int, index: Int)]

    init(of rotations: [IntegerMatrix3]) {
        var constraints: [(row: SIMD3<Int>, rotation: Int, index: Int)] = []
        search: for (number, rotation) in rotations.enumerated() {
            for index in 0..<3 {
                var row = rotation[index]
                row[index] -= 1
                let isIndependent =
                    switch constraints.count {
                    case 0: row != .zero
                    case 1: crossProduct(constraints[0].row, row) != .zero
                    default:
                        (crossProduct(constraints[0].row, constraints[1].row) &* row).wrappedSum() != 0
                    }
                guard isIndependent else { continue }
                constraints.append((row, number, index))
                if constraints.count == 3 { break search }
            }
        }
        self.constraints = constraints
        switch constraints.count {
        case 0:
            (directions, pivots, isNamed) = (
                [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)], [0, 1, 2], true
            )
        case 1:
            (directions, pivots, isNamed) = Self.plane(normal: primitive(constraints[0].row))
        case 2:
            (directions, pivots, isNamed) = Self.line(
                primitive(crossProduct(constraints[0].row, constraints[1].row)))
        default:
            (directions, pivots, isNamed) = ([], [], true)
        }
    }

    static func line(_ v: SIMD3<Int>) -> ([SIMD3<Int>], [Int], Bool) {
        if let unit = (0..<3).first(where: { abs(v[$0]) == 1 }) {
            return ([v &* v[unit]], [unit], true)
        }
        let pivot = (0..<3).first { v[$0] != 0 } ?? 0
        return ([v[pivot] < 0 ? .zero &- v : v], [pivot], false)
    }

    /// {v : n·v = 0}. A minor of a saturated basis is ± a component of n, so a unit component gives a named basis.
    static func plane(normal n: SIMD3<Int>) -> ([SIMD3<Int>], [Int], Bool) {
        if let dependent = [2, 1, 0].first(where: { abs(n[$0]) == 1 }) {
            let pivots = (0..<3).filter { $0 != dependent }
            let directions = pivots.map { pivot in
                var v = SIMD3<Int>.zero
                v[pivot] = 1
                v[dependent] = -n[pivot] * n[dependent]
                return v
            }
            return (directions, pivots, true)
        }
        // Hermite form: one vector without x, and one with the least x.
        let (g, p, q) = extendedGreatestCommonDivisor(n.y, n.z)
        var second = SIMD3(0, n.z / g, -n.y / g)
        if second.y < 0 || (second.y == 0 && second.z < 0) { second = .zero &- second }
        var first = SIMD3(g, -n.x * p, -n.x * q)
        let pivot = second.y != 0 ? 1 : 2
        let quotient = Int((Double(first[pivot]) / Double(second[pivot])).rounded(.down))
        first = first &- second &* quotient
        return ([first, second], [0, pivot], false)
    }

    /// `x`, `y`, `z` of the pivots where they are coordinates, else `u`, `v`, `w`.
    var names: [String] {
        isNamed ? pivots.map { ["x", "y", "z"][$0] } : (0..<directions.count).map { ["u", "v", "w"][$0] }
    }

    /// The coordinates along `directions` of a vector in their span.
    func components(of vector: SIMD3<Double>) -> [Double] {
        var rest = vector
        return zip(directions, pivots).map { direction, pivot in
            let value = rest[pivot] / Double(direction[pivot])
            if !isNamed { rest -= value * SIMD3<Double>(direction) }
            return value
        }
    }

    /// The rows and right-hand sides of the three equations whose solution is the offset: the constraints
    /// (R − 1) b = −t and b = 0 at the pivots.
    private var rows: [SIMD3<Int>] {
        constraints.map(\.row)
            + pivots.map { pivot in
                var row = SIMD3<Int>.zero
                row[pivot] = 1
                return row
            }
    }

    /// The offset by Cramer's rule, exact; `translations` over 24, one for each rotation.
    func offset(translations: [SIMD3<Int>]) -> [Rational] {
        let m = rows
        let matrix = IntegerMatrix3(rows: m[0], m[1], m[2])
        let adjugate = matrix.adjugate
        var right = SIMD3<Int>.zero
        for (k, constraint) in constraints.enumerated() {
            right[k] = -translations[constraint.rotation][constraint.index]
        }
        let solution = adjugate * right
        let denominator = matrix.determinant * SymmetryOperation.denominator
        return (0..<3).map { Rational(solution[$0], denominator) }
    }

    /// The same for real translations.
    func offset(translations: [SIMD3<Double>]) -> SIMD3<Double> {
        let m = rows
        let matrix = Matrix3(IntegerMatrix3(rows: m[0], m[1], m[2]))
        var right = SIMD3<Double>.zero
        for (k, constraint) in constraints.enumerated() {
            right[k] = -translations[constraint.rotation][constraint.index]
        }
        return matrix.inverse * right
    }

    static func == (a: FixedDirections, b: FixedDirections) -> Bool { a.directions == b.directions }
    func hash(into hasher: inout Hasher) { hasher.combine(directions) }
}

func crossProduct(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
    SIMD3(a.y &* b.z &- a.z &* b.y, a.z &* b.x &- a.x &* b.z, a.x &* b.y &- a.y &* b.x)
}

/// Divided by the greatest common divisor of its components.
func primitive(_ v: SIMD3<Int>) -> SIMD3<Int> {
    let divisor = greatestCommonDivisor(greatestCommonDivisor(v.x, v.y), v.z)
    // gcd(0, 0) counts as 1 and must not hide a common divisor of z alone.
    let g = v.x == 0 && v.y == 0 ? max(abs(v.z), 1) : divisor
    return SIMD3(v.x / g, v.y / g, v.z / g)
}

/// (g, p, q) with a p + b q = g > 0; a and b not both zero.
func extendedGreatestCommonDivisor(_ a: Int, _ b: Int) -> (Int, Int, Int) {
    if b == 0 { return (abs(a), a < 0 ? -1 : 1, 0) }
    let (g, p, q) = extendedGreatestCommonDivisor(b, a % b)
    return (g, q, p - (a / b) * q)
}
