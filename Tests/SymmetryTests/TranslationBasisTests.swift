import NumericalMethods
import Symmetry
import Testing

@Suite("Lattices of translations") struct TranslationBasisTests {
    private static func vector(_ random: inout RandomStream, _ range: Int) -> SIMD3<Int> {
        func one() -> Int { random.index(below: 2 * range + 1) - range }
        return SIMD3(one(), one(), one())
    }

    @Test("one lattice has one basis, whatever vectors generate it")
    func unique() {
        var random = RandomStream(seed: 5)
        for _ in 0..<100 {
            var vectors = (0..<3).map { _ in Self.vector(&random, 9) }
            guard IntegerMatrix3(rows: vectors[0], vectors[1], vectors[2]).determinant != 0 else { continue }
            let basis = TranslationBasis(generatedBy: vectors)
            // Steps that keep the lattice: add one vector to another, exchange, reverse, say something twice.
            for _ in 0..<10 {
                let (i, j) = (random.index(below: 3), random.index(below: 3))
                if i != j { vectors[i] = vectors[i] &+ vectors[j] }
            }
            vectors.swapAt(0, 2)
            vectors[1] = .zero &- vectors[1]
            #expect(TranslationBasis(generatedBy: vectors + [vectors[0] &+ vectors[1]]) == basis)
        }
    }

    @Test("reducing takes away lattice vectors only, and all that can be taken")
    func reduces() {
        var random = RandomStream(seed: 6)
        for _ in 0..<50 {
            let vectors = (0..<4).map { _ in Self.vector(&random, 7) }
            let basis = TranslationBasis(
                generatedBy: vectors + [SIMD3(24, 0, 0), SIMD3(0, 24, 0), SIMD3(0, 0, 24)])
            let v = Self.vector(&random, 200)
            let reduced = basis.reduce(v)
            #expect(basis.reduce(reduced) == reduced)
            #expect(basis.reduce(v &- reduced) == .zero)
            for lattice in vectors { #expect(basis.reduce(v &+ lattice) == reduced) }
        }
    }

    @Test("a lattice has 7 sublattices of index 2, 13 of index 3 and 35 of index 4")
    func sublattices() {
        let unit = TranslationBasis(generatedBy: [SIMD3(24, 0, 0), SIMD3(0, 24, 0), SIMD3(0, 0, 24)])
        for (index, count) in [(1, 1), (2, 7), (3, 13), (4, 35)] {
            let found = unit.sublattices(index: index)
            #expect(found.count == count && Set(found).count == count)
            for sublattice in found { #expect(sublattice.rows.determinant == index * unit.rows.determinant) }
        }
    }
}
