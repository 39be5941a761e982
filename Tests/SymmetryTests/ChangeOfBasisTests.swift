import Crystallography
import NumericalMethods
import Symmetry
import Testing

@Suite struct ChangeOfBasisTests {
    static func random(_ random: inout RandomStream) -> ChangeOfBasis? {
        func row() -> SIMD3<Int> {
            SIMD3(random.index(below: 5) - 2, random.index(below: 5) - 2, random.index(below: 5) - 2)
        }
        return ChangeOfBasis(
            numerators: IntegerMatrix3(rows: row(), row(), row()), denominator: 1 + random.index(below: 3),
            shift: row(), shiftDenominator: 1 + random.index(below: 8))
    }

    @Test func aChangeAndItsInverseCancel() {
        var stream = RandomStream(seed: 1)
        for _ in 0..<300 {
            guard let change = Self.random(&stream) else { continue }
            #expect(change.combined(with: change.inverse) == .identity)
            #expect(change.inverse.combined(with: change) == .identity)
            #expect(change.inverse.inverse == change)
        }
    }

    @Test func conjugationIsWhatItDoesToPoints() {
        var stream = RandomStream(seed: 2)
        var count = 0
        for hall in stride(from: 1, through: 530, by: 7) {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for _ in 0..<8 {
                guard let change = Self.random(&stream) else { continue }
                for operation in group.operations.prefix(12) {
                    guard let moved = change.apply(to: operation) else { continue }
                    let x = SIMD3(0.137, 0.219, 0.341)
                    let difference =
                        moved.apply(to: change.apply(to: x)) - change.apply(to: operation.apply(to: x))
                    #expect(difference.length < 1e-12)
                    count += 1
                }
            }
        }
        #expect(count > 1000)
    }

    @Test func lengthsDoNotDependOnTheBasis() {
        var stream = RandomStream(seed: 3)
        let lattice = Lattice(a: 4, b: 5.5, c: 7, alpha: 80, beta: 95, gamma: 107)
        for _ in 0..<200 {
            guard let change = Self.random(&stream) else { continue }
            let (x, y) = (SIMD3(0.1, 0.7, 0.4), SIMD3(0.9, 0.2, 0.35))
            let before = lattice.length(x - y)
            let after = change.apply(to: lattice).length(change.apply(to: x) - change.apply(to: y))
            #expect(abs(before - after) < 1e-9)
            let ratio = lattice.volume / change.apply(to: lattice).volume
            #expect(abs(ratio - abs(Double(change.determinant))) < 1e-9)
        }
    }

    @Test func settingsOfAGroupAreRelated() throws {
        // ITA, 1.5.4: the three cell choices of a unique axis follow one another under a change of order 3.
        let standard = try SpaceGroup.find("P 21/c")
        let change = try #require(
            ChangeOfBasis(
                numerators: IntegerMatrix3(rows: SIMD3(-1, 0, 1), SIMD3(0, 1, 0), SIMD3(-1, 0, 0))))
        let once = standard.operations.compactMap { change.apply(to: $0) }
        #expect(SpaceGroup.matching(operations: once)?.symbol == "P 21/a")
        let twice = once.compactMap { change.apply(to: $0) }
        #expect(SpaceGroup.matching(operations: twice)?.symbol == "P 21/n")
        #expect(change.combined(with: change.combined(with: change)) == .identity)
        #expect(change.description == "-x+z,y,-x")
    }
}
