import Symmetry
import Testing

/// Reaches `HallSymbolParser`.
@Suite struct HallSymbolTests {
    @Test func everySettingHasTheOperationsOfSpglibsDatabase() throws {
        for hall in 1...530 {
            let group = try #require(SpaceGroup(hallNumber: hall))
            #expect(
                Set(group.operations) == SpglibDatabase.operations(hallNumber: hall), "\(group.hallSymbol)")
            #expect(group.operations.count == Set(group.operations).count)
            #expect(group.operations.first == .identity)
        }
    }

    @Test func everySettingIsFoundAgainByItsOperations() throws {
        for hall in 1...530 {
            let group = try #require(SpaceGroup(hallNumber: hall))
            let found = try #require(SpaceGroup.matching(operations: group.operations.reversed()))
            // Ccce and its permutations stand twice in the list of Hall numbers, under two symbols.
            #expect(found == group || Set(found.operations) == Set(group.operations))
            #expect(found == group || group.number == 68)
        }
    }

    @Test(arguments: ["", "P", "Q 1", "P 5", "P 2 q", "P 2 (1 2", "P 2 (1 2)", "P 3 2 4"])
    func damagedSymbolsAreRefusedWithTheReason(text: String) {
        #expect(throws: HallSymbol.ParseError.self) { try HallSymbol(text) }
    }

    @Test func anOriginShiftOrBasisChangeConjugates() throws {
        let shifted = try HallSymbol("P 2 2 -1n (3 3 3)")
        let second = try HallSymbol("-P 2ab 2bc")
        #expect(Set(shifted.operations ?? []) == Set(second.operations ?? []))
        let turned = try HallSymbol("P 2y (z,x,y)")
        #expect(Set(turned.operations ?? []) == Set(try HallSymbol("P 2").operations ?? []))
    }
}
