import Crystallography
import Parameterization
import Recovery
import Symmetry
import Testing

/// Ways to occupy positions that differ by the choice of origin or axes are one (ITA Vol. A, 3.5: Euclidean normalizers).
@Suite("Letters that other origins exchange") struct LetterPermutationsTests {
    private static func permutations(_ symbol: String) throws -> LetterPermutations {
        let group = try SpaceGroup.find(symbol)
        let general = Lattice(a: 5.13, b: 6.31, c: 7.72, alpha: 81, beta: 97, gamma: 103)
        return LetterPermutations(of: group, lattice: LatticeParameters(of: general, in: group).lattice)
    }

    @Test(arguments: [
        // Cs and Cl of the CsCl type, Na and Cl of rock salt, the centres of Pnma, the two sites of P4/nmm.
        ("P m -3 m", [["a"], ["b"]], [["b"], ["a"]]), ("P m -3 m", [["c"]], [["d"]]),
        ("F m -3 m", [["a"], ["b"]], [["b"], ["a"]]), ("P n m a", [["a"]], [["b"]]),
        ("P n m a", [["a", "c"]], [["b", "c"]]), ("P -1", [["a"]], [["h"]]), ("I m -3", [["c"]], [["c"]]),
    ])
    func alike(_ symbol: String, _ a: [[String]], _ b: [[String]]) throws {
        let permutations = try Self.permutations(symbol)
        #expect(permutations.key(a) == permutations.key(b))
    }

    @Test(arguments: [
        ("P m -3 m", [["a"]], [["c"]]), ("F m -3 m", [["a"]], [["c"]]), ("P n m a", [["a"]], [["c"]]),
        ("P n m a", [["a", "b"]], [["a", "a"]]), ("P m -3 m", [["a", "b"]], [["a"], ["b"]]),
    ])
    func different(_ symbol: String, _ a: [[String]], _ b: [[String]]) throws {
        let permutations = try Self.permutations(symbol)
        #expect(permutations.key(a) != permutations.key(b))
    }

    @Test("letters that are exchanged have the same multiplicity and freedom")
    func sameKind() throws {
        for hall in stride(from: 1, through: 530, by: 37) {
            let group = try #require(SpaceGroup(hallNumber: hall))
            let permutations = try Self.permutations("hall:\(group.hallSymbol)")
            for a in group.wyckoffPositions {
                for b in group.wyckoffPositions
                where permutations.key([[a.letter]]) == permutations.key([[b.letter]]) {
                    #expect(a.multiplicity == b.multiplicity, "\(group.symbol) \(a.letter) \(b.letter)")
                    #expect(a.degreesOfFreedom == b.degreesOfFreedom)
                }
            }
        }
    }
}
