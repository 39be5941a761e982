import NumericalMethods

/// A lattice of translations over 24, as the rows of a lower triangular basis with positive diagonal and reduced
/// entries below it (Hermite normal form): equal lattices have equal bases.
package struct TranslationBasis: Sendable, Hashable {
    package let rows: IntegerMatrix3

    /// A basis of the lattice that these vectors, which span space, generate.
    package init(generatedBy vectors: [SIMD3<Int>]) {
        var rest = vectors
        var basis = [SIMD3<Int>](repeating: .zero, count: 3)
        for column in [2, 1, 0] {
            // Euclid on one column; what is left has a zero there.
            while true {
                rest.removeAll { $0 == .zero }
                guard
                    let pivot = rest.filter({ $0[column] != 0 }).min(by: { abs($0[column]) < abs($1[column]) }
                    )
                else { break }
                var changed = false
                var kept = false
                for index in rest.indices where rest[index][column] != 0 {
                    if !kept && rest[index] == pivot {
                        kept = true
                        continue
                    }
                    rest[index] = rest[index] &- pivot &* (rest[index][column] / pivot[column])
                    changed = true
                }
                if !changed {
                    basis[column] = pivot[column] < 0 ? .zero &- pivot : pivot
                    rest.removeAll { $0 == pivot }
                    break
                }
            }
        }
        for row in 1..<3 {
            for column in stride(from: row - 1, through: 0, by: -1) where basis[column][column] != 0 {
                let q = Int((Double(basis[row][column]) / Double(basis[column][column])).rounded(.down))
                basis[row] = basis[row] &- basis[column] &* q
            }
        }
        rows = IntegerMatrix3(rows: basis[0], basis[1], basis[2])
    }

    static func of(_ centring: Centring) -> TranslationBasis {
        let n = SymmetryOperation.denominator
        return TranslationBasis(
            generatedBy: centring.vectors + [SIMD3(n, 0, 0), SIMD3(0, n, 0), SIMD3(0, 0, n)])
    }

    /// The representative of v modulo the lattice.
    package func reduce(_ v: SIMD3<Int>) -> SIMD3<Int> {
        var result = v
        for axis in [2, 1, 0] {
            let pivot = rows[axis][axis]
            let q = Int((Double(result[axis]) / Double(pivot)).rounded(.down))
            result = result &- rows[axis] &* q
        }
        return result
    }

    func reduce(_ operation: SymmetryOperation) -> SymmetryOperation {
        SymmetryOperation(rotation: operation.rotation, translation: reduce(operation.translation))
    }

    func isInvariant(under rotation: IntegerMatrix3) -> Bool {
        (0..<3).allSatisfy { reduce(rotation * rows[$0]) == .zero }
    }

    /// All sublattices of an index.
    package func sublattices(index: Int) -> [TranslationBasis] {
        var result: [TranslationBasis] = []
        for a in 1...index where index % a == 0 {
            for b in 1...(index / a) where (index / a) % b == 0 {
                let c = index / a / b
                for p in 0..<a {
                    for q in 0..<a {
                        for r in 0..<b {
                            result.append(
                                TranslationBasis(generatedBy: [
                                    rows[0] &* a, rows[0] &* p &+ rows[1] &* b,
                                    rows[0] &* q &+ rows[1] &* r &+ rows[2] &* c,
                                ]))
                        }
                    }
                }
            }
        }
        return Array(Set(result)).sorted {
            for row in 0..<3 where $0.rows[row] != $1.rows[row] {
                return $1.rows[row].precedes($0.rows[row])
            }
            return false
        }
    }

    /// One vector of whole numbers for each coset of this lattice, zero first.
    package var cells: [SIMD3<Int>] {
        (0..<rows[0][0]).flatMap { i in
            (0..<rows[1][1]).flatMap { j in (0..<rows[2][2]).map { SIMD3(i, j, $0) } }
        }
    }

    /// Where the coset of a vector stands in `cells`.
    package func index(of v: SIMD3<Int>) -> Int {
        let rest = reduce(v)
        return (rest.x * rows[1][1] + rest.y) * rows[2][2] + rest.z
    }

    /// The vectors that two lattices of whole vectors have in common.
    package func intersection(_ other: TranslationBasis) -> TranslationBasis {
        // The reciprocal of the common lattice is the sum of the reciprocals; e makes these whole.
        let (a, b) = (rows.determinant, other.rows.determinant)
        let e = a * b
        func reciprocal(_ m: IntegerMatrix3, _ factor: Int) -> [SIMD3<Int>] {
            let cofactors = m.adjugate.transpose
            return (0..<3).map { cofactors[$0] &* factor }
        }
        let sum = TranslationBasis(generatedBy: reciprocal(rows, b) + reciprocal(other.rows, a)).rows
        let cofactors = sum.adjugate.transpose
        return TranslationBasis(
            generatedBy: (0..<3).map { (cofactors[$0] &* e) / SIMD3(repeating: sum.determinant) })
    }

    /// One vector of this lattice for each coset of a sublattice, zero first.
    func cosets(of sublattice: TranslationBasis) -> [SIMD3<Int>] {
        let index = sublattice.rows.determinant / rows.determinant
        var result: [SIMD3<Int>] = []
        for i in 0..<index {
            for j in 0..<index {
                for k in 0..<index {
                    let v = sublattice.reduce(rows[0] &* i &+ rows[1] &* j &+ rows[2] &* k)
                    if !result.contains(v) { result.append(v) }
                }
            }
        }
        return result
    }

    /// The operations that generators make modulo this lattice, reduced, the identity first; nil where they are not
    /// `order`, one for each rotation.
    func close(_ generators: [SymmetryOperation], order: Int) -> [SymmetryOperation]? {
        var result = [SymmetryOperation.identity]
        var translation: [IntegerMatrix3: SIMD3<Int>] = [.identity: .zero]
        var next = 0
        while next < result.count {
            for generator in generators {
                let product = reduce(generator.combined(with: result[next]))
                if let known = translation[product.rotation] {
                    guard known == product.translation else { return nil }
                } else {
                    translation[product.rotation] = product.translation
                    result.append(product)
                }
            }
            next += 1
        }
        return result.count == order ? result : nil
    }

    /// Every set g H g⁻¹, g among the operations followed by the translations; the translations kept by H are
    /// this lattice.
    func conjugates(
        of group: [SymmetryOperation], by operations: [SymmetryOperation], and shifts: [SIMD3<Int>]
    ) -> Set<Set<SymmetryOperation>> {
        var result: Set<Set<SymmetryOperation>> = []
        for operation in operations {
            for shift in shifts {
                let g = SymmetryOperation(
                    rotation: operation.rotation, translation: operation.translation &+ shift)
                guard let inverse = g.inverse else { continue }
                result.insert(Set(group.map { reduce(g.combined(with: $0).combined(with: inverse)) }))
            }
        }
        return result
    }
}
