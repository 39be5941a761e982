import NumericalMethods
import Symmetry

/// The quartic forms in h, k, l that a Laue class leaves as they are: what the variance of 1/d² over the crystallites can
/// be made of (P. W. Stephens, J. Appl. Cryst. 32 (1999) 281).
///
/// They follow from the group's action on the indices: the sum over its rotations takes each of the fifteen monomials to
/// an invariant, and exact elimination leaves a basis of these, in any setting.
package struct StrainInvariants: Sendable, Hashable {
    /// One invariant form.
    package struct Form: Sendable, Hashable {
        /// After its first monomial: `S400`, `S220`, ….
        package let name: String
        /// One for each of `monomials`. Those of the first are Stephens': 1 of h⁴, 3 of h²k², 2 of h³k, 4 of h²kl.
        package let coefficients: [Double]
        /// Where its first monomial stands in `monomials`; no other form has it.
        let pivot: Int

        /// Whether it is the variance along an axis of the reciprocal cell, which is not negative.
        var isOfAxis: Bool { pivot < 3 }
    }

    /// Exponents of h, k, l, in the order in which forms are named.
    package static let monomials: [SIMD3<Int>] = [
        SIMD3(4, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4), SIMD3(2, 2, 0), SIMD3(2, 0, 2), SIMD3(0, 2, 2),
        SIMD3(3, 1, 0), SIMD3(3, 0, 1), SIMD3(1, 3, 0), SIMD3(0, 3, 1), SIMD3(1, 0, 3), SIMD3(0, 1, 3),
        SIMD3(2, 1, 1), SIMD3(1, 2, 1), SIMD3(1, 1, 2),
    ]

    /// Two of a cubic crystal to fifteen of a triclinic one.
    package let forms: [Form]

    /// - Parameter rotations: of all operations of the group in its setting.
    package init(rotations: [IntegerMatrix3]) {
        let rotations = Set(rotations)
        let images = Self.monomials.map { monomial in
            var sum = [Int](repeating: 0, count: Self.monomials.count)
            for rotation in rotations {
                for (k, value) in Self.image(of: monomial, under: rotation).enumerated() { sum[k] += value }
            }
            return sum.map { Rational($0) }
        }
        forms = Self.reduced(images).map { pivot, row in
            let factor = Rational(Self.factor(of: Self.monomials[pivot]))
            let powers = Self.monomials[pivot]
            return Form(
                name: "S\(powers.x)\(powers.y)\(powers.z)", coefficients: row.map { Double($0 * factor) },
                pivot: pivot)
        }
    }

    /// The value of every monomial at (hkl).
    static func values(at index: SIMD3<Int>) -> [Double] {
        let h = SIMD3<Double>(index)
        func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { product, _ in product * x } }
        return monomials.map { power(h.x, $0.x) * power(h.y, $0.y) * power(h.z, $0.z) }
    }

    /// The value of every form at (hkl).
    package func values(at index: SIMD3<Int>) -> [Double] {
        let monomials = Self.values(at: index)
        return forms.map { zip($0.coefficients, monomials).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    /// The multiples of the forms that are (Σ g_ij h_i h_j)²: a metric that the group leaves as it is.
    func squareOfMetric(_ g: Matrix3) -> [Double] {
        var coefficients = [Double](repeating: 0, count: Self.monomials.count)
        let places = Dictionary(uniqueKeysWithValues: zip(Self.monomials, Self.monomials.indices))
        for i in 0..<3 {
            for j in 0..<3 {
                for m in 0..<3 {
                    for n in 0..<3 {
                        var powers = SIMD3<Int>.zero
                        for axis in [i, j, m, n] { powers[axis] += 1 }
                        if let place = places[powers] { coefficients[place] += g[i, j] * g[m, n] }
                    }
                }
            }
        }
        return forms.map { coefficients[$0.pivot] / $0.coefficients[$0.pivot] }
    }

    // MARK: The group's action

    private static func factor(of powers: SIMD3<Int>) -> Int {
        switch powers.max() {
        case 4: 1
        case 3: 2
        default: powers.min() == 0 ? 3 : 4
        }
    }

    /// What a monomial of h·W is in the monomials of h.
    private static func image(of powers: SIMD3<Int>, under rotation: IntegerMatrix3) -> [Int] {
        let units = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
        let rows = units.map { $0 * rotation }
        var polynomial: [SIMD3<Int>: Int] = [.zero: 1]
        for axis in 0..<3 {
            for _ in 0..<powers[axis] {
                var next: [SIMD3<Int>: Int] = [:]
                for (term, value) in polynomial {
                    for i in 0..<3 where rows[i][axis] != 0 {
                        next[term &+ units[i], default: 0] += value * rows[i][axis]
                    }
                }
                polynomial = next
            }
        }
        return monomials.map { polynomial[$0] ?? 0 }
    }

    /// Reduced echelon form: rows with a 1 at their pivot, which no other row has.
    private static func reduced(_ rows: [[Rational]]) -> [(pivot: Int, row: [Rational])] {
        var rows = rows
        var result: [(pivot: Int, row: [Rational])] = []
        for column in monomials.indices {
            guard let found = rows.firstIndex(where: { $0[column] != Rational(0) }) else { continue }
            let leading = rows[found][column]
            let pivotRow = rows.remove(at: found).map { $0 / leading }
            func cleared(_ row: [Rational]) -> [Rational] {
                let factor = row[column]
                return factor == Rational(0) ? row : zip(row, pivotRow).map { $0 - factor * $1 }
            }
            rows = rows.map(cleared)
            result = result.map { ($0.pivot, cleared($0.row)) }
            result.append((column, pivotRow))
        }
        return result
    }
}
