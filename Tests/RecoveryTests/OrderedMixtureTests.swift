import Crystallography
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("OrderedMixture") struct OrderedMixtureTests {
    /// Aluminium and silicon on 1a, 1b and 3c of P m −3 m, in a ratio.
    private static func mixture(silicon share: Double) throws -> ReducedStructure {
        let mixed = [
            Occupant(try #require(Species(symbol: "Al")), occupancy: 1 - share),
            Occupant(try #require(Species(symbol: "Si")), occupancy: share),
        ]
        let places = [SIMD3(0.0, 0, 0), SIMD3(0.5, 0.5, 0.5), SIMD3(0, 0.5, 0.5)]
        return ReducedStructure(
            spaceGroup: try SpaceGroup.find("221"),
            lattice: Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: places.map { Site(label: "", occupants: mixed, position: $0) }, tolerance: 1e-5)
    }

    @Test("one silicon among five atoms stands on either of the single places, and the composition stays")
    func orders() throws {
        let mixture = try Self.mixture(silicon: 0.2)
        let orders = try #require(OrderedMixture(mixture, most: 10)).structures
        #expect(orders.count == 2)
        for order in orders {
            #expect(order.orbits.allSatisfy { $0.occupants.count == 1 })
            #expect(order.orbits.map(\.position) == mixture.orbits.map(\.position))
            let composition = order.expanded().composition
            #expect(composition.mapKeys(\.symbol) == ["Al": 4, "Si": 1])
        }
    }

    @Test("what adds up to no whole atoms, and what is no mixture, has no order")
    func none() throws {
        #expect(OrderedMixture(try Self.mixture(silicon: 0.1), most: 10) == nil)
        #expect(OrderedMixture(try PowderGroupRecoveryTests.rutile(), most: 10) == nil)
    }
}

extension Dictionary {
    fileprivate func mapKeys<Other: Hashable>(_ transform: (Key) -> Other) -> [Other: Value] {
        Dictionary<Other, Value>(uniqueKeysWithValues: map { (transform($0.key), $0.value) })
    }
}
