import Crystallography
import Testing

@Suite("Species and elements")
struct SpeciesTests {
    @Test(
        "symbols as files write them",
        arguments: [
            ("Fe", "Fe", nil), ("Fe3+", "Fe", 3), ("O2-", "O", -2), ("Cl-", "Cl", -1), ("Ca+2", "Ca", 2),
            ("CL1", "Cl", nil), ("Ow", "O", nil), ("CO", "Co", nil), ("F1-", "F", -1), ("Na1+", "Na", 1),
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
