import Crystallography
import Foundation
import NumericalMethods
import Symmetry
import Testing

/// Reaches `SubgroupIdentification`.
@Suite struct SubgroupTests {
    /// One setting a group, those with the most subgroups and a sample of the rest; all under the laws.
    static let groups: [SpaceGroup] = {
        let everything = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
        let numbers =
            everything ? Array(1...230) : [2, 5, 14, 15, 19, 43, 62, 70, 82, 122, 152, 161, 166, 178, 205]
        return numbers.compactMap { try? SpaceGroup.find("\($0)") }
    }()

    /// The numbers of all subgroups of the point groups (trivial and whole included), as any book of group theory
    /// counts them.
    @Test(arguments: [
        ("P -1", 2), ("P 2/m", 5), ("P m m m", 16), ("P 4/m", 8), ("P 4/m m m", 35), ("P -3 m 1", 16),
        ("P 6/m m m", 54), ("P 2 3", 10), ("P m -3", 26), ("P 4 3 2", 30), ("P -4 3 m", 30), ("P m -3 m", 98),
    ])
    func everySubgroupOfThePointGroupIsThere(symbol: String, count: Int) throws {
        let group = try SpaceGroup.find(symbol)
        #expect(group.translationengleicheSubgroups.count == count - 1)
    }

    /// ITA Vol. A1: the maximal subgroups of Pnma, and those of Fm-3m that keep its translations.
    @Test func maximalSubgroupsAreThoseOfTheTables() throws {
        func numbers(_ symbol: String, index: Int) throws -> [Int] {
            try SpaceGroup.find(symbol).translationengleicheSubgroups.filter { $0.index == index }
                .map(\.spaceGroup.number).sorted()
        }
        #expect(try numbers("P n m a", index: 2) == [11, 14, 14, 19, 26, 31, 33])
        #expect(try numbers("F m -3 m", index: 2) == [202, 209, 216])
        #expect(try numbers("F m -3 m", index: 3) == [139, 139, 139])
        // The tetrahedral subgroup is not maximal.
        #expect(try numbers("F m -3 m", index: 4) == [166, 166, 166, 166, 196])
    }

    /// ITA Vol. A1 for P-1: seven k-subgroups P-1 of index 2, each about two inversion centres.
    @Test func klassengleicheSubgroupsOfSmallGroups() throws {
        let group = try SpaceGroup.find("P -1")
        let halves = group.klassengleicheSubgroups(index: 2)
        #expect(halves.count == 14)
        #expect(Set(halves.map(\.conjugacyClass)).count == 14)
        #expect(try SpaceGroup.find("P 1").klassengleicheSubgroups(index: 2).count == 7)
        #expect(try SpaceGroup.find("P 1").klassengleicheSubgroups(index: 3).count == 13)
        // 13 sublattices, one class of three conjugates each.
        let thirds = group.klassengleicheSubgroups(index: 3)
        #expect(thirds.count == 39)
        #expect(Set(thirds.map(\.conjugacyClass)).count == 13)
        // Pm-3m: doubled cells F (a' = 2a) and I have index 2 and 4; index 2 gives F only.
        let cubic = try SpaceGroup.find("P m -3 m").klassengleicheSubgroups(index: 2)
        #expect(Set(cubic.map(\.spaceGroup.number)) == [225, 226])
        #expect(
            Set(try SpaceGroup.find("I m -3 m").klassengleicheSubgroups(index: 2).map(\.spaceGroup.number))
                == [221, 222, 223, 224])
    }

    /// ITA Vol. A1, the types under "loss of centring translations" and "enlarged unit cell".
    @Test(arguments: [
        ("P n m a", 2, []), ("P n m a", 3, [62]), ("F m -3 m", 2, []), ("F m -3 m", 3, []),
        ("P 21 21 21", 2, []), ("P 21 21 21", 3, [19]), ("C 1 2/m 1", 2, [10, 11, 12, 13, 14, 15]),
        ("I 4/m m m", 2, [123, 126, 128, 129, 131, 134, 136, 137]),
        ("P 4/m m m", 2, [123, 124, 125, 127, 129, 131, 132, 139, 140]), ("P 63/m m c", 2, []),
        ("P 63/m m c", 3, [193, 194]), ("P m -3 m", 3, []), ("F d -3 m", 2, []), ("P 21/c", 2, [14]),
        ("P 1 2 1", 2, [3, 4, 5]), ("P 41", 2, [76]), ("P 41", 3, [78]),
        ("P 6/m m m", 2, [191, 192, 193, 194]),
    ])
    func klassengleicheTypesAreThoseOfTheTables(symbol: String, index: Int, numbers: [Int]) throws {
        let found = try SpaceGroup.find(symbol).klassengleicheSubgroups(index: index)
        #expect(Set(found.map(\.spaceGroup.number)).sorted() == numbers)
    }

    /// Pnma has 2₁ axes along a, b and c, so no axis can be doubled; a tripled one leaves three choices of origin.
    @Test func threeIsotypicSubgroupsOfPnmaInThreeClasses() throws {
        let found = try SpaceGroup.find("P n m a").klassengleicheSubgroups(index: 3)
        #expect(found.count == 9)
        #expect(Set(found.map(\.conjugacyClass)).count == 3)
    }

    @Test(arguments: groups)
    func keptOperationsAreTheParentsAndTheTransformationIsExact(group: SpaceGroup) {
        let parent = Set(group.operations)
        let all =
            group.translationengleicheSubgroups
            + (group.crystalFamily == .cubic
                ? [] : [2, 3].flatMap { group.klassengleicheSubgroups(index: $0) })
        for subgroup in all {
            let table = Set(subgroup.spaceGroup.operations)
            for operation in subgroup.operations {
                #expect(parent.contains(operation.wrapped))
                #expect(
                    subgroup.transformation.apply(to: operation).map { table.contains($0.wrapped) } == true)
            }
            // |parent : subgroup| by volumes and orders.
            let volume = abs(Double(subgroup.transformation.inverse.determinant))
            #expect(
                abs(
                    Double(group.order) * volume
                        - Double(subgroup.index) * Double(subgroup.spaceGroup.order)) < 1e-9,
                "\(group) \(subgroup)")
            #expect(subgroup.transformation.determinant > Rational(0))
        }
    }
}
