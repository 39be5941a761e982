import Crystallography
import Diffraction
import Testing

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

    /// Waasmaier & Kirfel (1995) list O2-, Fe3+, no Sb3- and no C4-.
    @Test(arguments: [("Sb3-", true), ("C4-", true), ("O2-", false), ("Fe3+", false), ("Sb", false)])
    func anIonWithoutAFormFactorIsKnownToBeReplaced(symbol: String, isReplaced: Bool) throws {
        let species = try #require(Species(symbol: symbol))
        #expect(FormFactor.isNeutralStandIn(for: species) == isReplaced)
    }
}
