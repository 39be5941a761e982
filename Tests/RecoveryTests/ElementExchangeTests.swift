import Crystallography
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("Elements exchanged") struct ElementExchangeTests {
    private static func salt() throws -> ReducedStructure {
        try Crystals.make(
            "P m -3 m", [3.9, 3.9, 3.9, 90, 90, 90],
            [
                ("Ba1", "Ba", .zero), ("Ti1", "Ti", SIMD3(0.5, 0.5, 0.5)), ("O1", "O", SIMD3(0.5, 0.5, 0)),
            ])
    }

    private static func ternary() throws -> ReducedStructure {
        try Crystals.make(
            "P 4/n m m :2", [4.0, 4.0, 8.9, 90, 90, 90],
            [
                ("Nd1", "Nd", SIMD3(0.25, 0.25, 0.72)), ("Sb1", "Sb", SIMD3(0.75, 0.25, 0)),
                ("Te1", "Te", SIMD3(0.25, 0.25, 0.37)),
            ])
    }

    @Test("orbits of one position exchange; across positions only where that is asked for")
    func positions() throws {
        #expect(ElementExchange(try Self.salt()).exchanges.isEmpty)
        let across = ElementExchange(try Self.salt(), acrossPositions: true).exchanges
        #expect(across.map(\.name) == ["Ba1 and Ti1 exchanged"])
        #expect(ElementExchange(try Self.ternary()).exchanges.map(\.name) == ["Nd1 and Te1 exchanged"])
    }

    @Test("the nearest atomic numbers come first")
    func order() throws {
        let names = ElementExchange(try Self.ternary(), acrossPositions: true).exchanges.map(\.name)
        #expect(
            names == ["Sb1 and Te1 exchanged", "Nd1 and Te1 exchanged", "Nd1 and Sb1 exchanged"])
    }

    @Test("elements, labels and displacements move, places stay, and twice is nothing")
    func involution() throws {
        for structure in try Crystals.all() + [try Self.ternary()] {
            for first in ElementExchange(structure, acrossPositions: true).exchanges {
                let exchanged = first.structure
                #expect(exchanged.orbits.map(\.position) == structure.orbits.map(\.position))
                #expect(exchanged.orbits.map(\.label).sorted() == structure.orbits.map(\.label).sorted())
                #expect(exchanged.expanded().composition == structure.expanded().composition)
                let again = ElementExchange(exchanged, acrossPositions: true).exchanges
                #expect(again.contains { $0.structure == structure })
            }
        }
    }
}
