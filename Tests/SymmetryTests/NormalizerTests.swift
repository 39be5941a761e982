import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

@Suite struct NormalizerTests {
    static let groups: [SpaceGroup] = {
        let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
        return everything
            ? (1...530).compactMap { SpaceGroup(hallNumber: $0) }
            : stride(from: 1, through: 530, by: 9).compactMap { SpaceGroup(hallNumber: $0) }
    }()

    /// ITA Vol. A, Table 3.5.2.3–5 (15.2.1.3–4 before 2016): index of G in N as its three factors, continuous
    /// translations not counted.
    @Test(arguments: [
        ("P 1", 0, 1, 2, 1), ("P -1", 0, 8, 1, 1), ("P 21/c", 0, 8, 1, 1), ("C 2/c", 0, 4, 1, 1),
        ("P 21 21 21", 0, 8, 2, 1), ("P n m a", 0, 8, 1, 1), ("P 4/m m m", 0, 4, 1, 1),
        ("I 41/a m d", 0, 2, 1, 1), ("P 6/m m m", 0, 2, 1, 1), ("P 63/m m c", 0, 2, 1, 1),
        ("P 61 2 2", 0, 2, 1, 1), ("P 31 2 1", 0, 2, 1, 2), ("R -3 m", 0, 2, 1, 1), ("P m -3 m", 0, 2, 1, 1),
        ("F m -3 m", 0, 2, 1, 1), ("F -4 3 m", 0, 4, 2, 1), ("F d -3 m", 0, 2, 1, 1), ("P a -3", 0, 2, 1, 1),
        ("I a -3", 0, 1, 1, 2), ("I a -3 d", 0, 1, 1, 1), ("P 21 3", 0, 2, 2, 2), ("P 2 3", 0, 2, 2, 2),
        ("I -4 3 d", 0, 1, 2, 1), ("R 3 m", 1, 1, 2, 1), ("P 3", 1, 3, 2, 4),
    ])
    func indicesAreThoseOfTheTables(facts: (String, Int, Int, Int, Int)) throws {
        let normalizer = try SpaceGroup.find(facts.0).normalizer
        if facts.0 != "P 1" { #expect(normalizer.continuousDirections.count == facts.1) }
        let factors = normalizer.indexFactors
        #expect(factors.translations == facts.2)
        #expect(factors.inversion == facts.3)
        #expect(factors.further == facts.4)
        #expect(normalizer.index == facts.2 * facts.3 * facts.4)
    }

    @Test(arguments: groups)
    func everyElementCarriesTheGroupOnItself(group: SpaceGroup) throws {
        let normalizer = group.normalizer
        let whole = Set(group.operations)
        #expect(Set(normalizer.cosets).count == normalizer.cosets.count)
        for element in normalizer.cosets + normalizer.generators {
            let change = try #require(ChangeOfBasis(element))
            let moved = Set(group.operations.compactMap { change.apply(to: $0)?.wrapped })
            #expect(moved == whole, "\(group) \(element.xyz)")
            if element != .identity { #expect(!whole.contains(element.wrapped)) }
        }
        for direction in normalizer.continuousDirections {
            for operation in group.operations { #expect(operation.rotation * direction == direction) }
        }
    }

    /// ITA Vol. A, 3.2.2.4: eleven pairs.
    @Test func twentyTwoGroupsHaveAnotherHand() throws {
        let pairs = [
            (76, 78), (91, 95), (92, 96), (144, 145), (151, 153), (152, 154), (169, 170), (171, 172),
            (178, 179),
            (180, 181), (212, 213),
        ]
        var partner: [Int: Int] = [:]
        for (a, b) in pairs { (partner[a], partner[b]) = (b, a) }
        for number in 1...230 {
            let group = try SpaceGroup.find("\(number)")
            let other = group.enantiomorph
            #expect(other?.spaceGroup.number == partner[number], "\(group)")
            guard let other else { continue }
            #expect(other.transformation.determinant < Rational(0))
            let table = Set(other.spaceGroup.operations)
            let moved = Set(group.operations.compactMap { other.transformation.apply(to: $0)?.wrapped })
            #expect(moved == table)
        }
    }

    @Test func aSpecialMetricAllowsMore() throws {
        let group = try SpaceGroup.find("P 2 2 2")
        let general = group.normalizer
        let square = Normalizer(
            of: group, lattice: Lattice(a: 4, b: 4, c: 6, alpha: 90, beta: 90, gamma: 90))
        let cube = Normalizer(of: group, lattice: Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90))
        // ITA: Pmmm, P4/mmm, Pm-3m, all with half cell edges.
        #expect(general.index == 16)
        #expect(square.index == 32)
        #expect(cube.index == 96)
    }
}
