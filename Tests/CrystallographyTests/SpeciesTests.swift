import Crystallography
import Testing

@Suite("Species and elements")
struct SpeciesTests {
    @Test(
        "symbols as files write them",
        arguments: [
            ("Fe", "Fe", nil), ("Fe3+", "Fe", 3), ("O2-", "O", -2), ("Cl-", "Cl", -1), ("Ca+2", "Ca", 2),
            ("CL", "Cl", nil), ("Ca++", "Ca", 2), ("CO", "Co", nil), ("F1-", "F", -1), ("Na1+", "Na", 1),
        ] as [(String, String, Int?)])
    func symbols(text: String, element: String, charge: Int?) throws {
        let species = try #require(Species(symbol: text))
        #expect(species.element.symbol == element)
        #expect(species.charge == charge)
    }

    @Test("deuterium is hydrogen of mass number 2; nonsense is refused")
    func deuterium() throws {
        let species = try #require(Species(symbol: "D"))
        #expect(species.element.atomicNumber == 1 && species.massNumber == 2)
        #expect(Species(symbol: "") == nil)
        #expect(Species(symbol: "12") == nil)
        #expect(Species(symbol: "Fe3+0.5") == nil && Species(symbol: "Fe+-") == nil)
    }

    @Test(
        "a nuclide weighs what it weighs: masses of the atomic mass evaluation",
        arguments: [
            ("D", 2.0141), ("T", 3.0160), ("7Li", 7.0160), ("11B", 11.0093), ("2H", 2.0141), ("H", 1.008),
        ])
    func masses(symbol: String, mass: Double) throws {
        #expect(abs(try #require(Species(symbol: symbol)).mass - mass) < 1e-3)
    }

    @Test("a nuclide that is none is refused, and 2H is D")
    func nuclides() throws {
        #expect(Species(symbol: "9Li") == nil && Species(symbol: "2D") == nil)
        #expect(Species(symbol: "2H") == Species(symbol: "D"))
        #expect(try #require(Species(symbol: "7Li1+")).description == "7Li1+")
    }

    @Test("118 elements, symbols unique, masses of a few known ones")
    func table() throws {
        let all = (1...118).compactMap { Element(atomicNumber: $0) }
        #expect(Set(all.map(\.symbol)).count == 118)
        #expect(Element(atomicNumber: 0) == nil && Element(atomicNumber: 119) == nil)
        #expect(abs(try #require(Element(symbol: "Pb")).mass - 207.2) < 1)
        #expect(try #require(Element(symbol: "fe")).atomicNumber == 26)
    }
}
