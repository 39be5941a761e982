import Crystallography
import Testing

@testable import Diffraction

/// Bound coherent lengths in fm, as periodictable 2.1.0 gives them.
@Suite struct IsotopeTests {
    @Test(arguments: [
        ("T", 4.792), ("2H", 6.6681), ("D", 6.6681), ("7Li", -2.28), ("Li", -1.93), ("11B", 6.65),
    ])
    func aNuclideScattersWithItsOwnLength(symbol: String, length: Double) throws {
        let species = try #require(Species(symbol: symbol))
        #expect(try #require(NeutronScatteringLength(species)).real == length)
    }

    @Test func aNuclideWithoutALengthIsNotTheNaturalMixture() throws {
        let species = Species(try #require(Element(symbol: "Li")), massNumber: 9)
        #expect(NeutronScatteringLength(species) == nil)
    }
}
