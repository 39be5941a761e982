import CrystalFiles
import Diffraction
import Parameterization
import Patterns
import Testing

/// What a phase's widths and texture begin with.
@Suite struct PhaseStartTests {
    private static func structure() throws -> ReducedStructure {
        try PatternCrystal(readingFrom: PatternRefinementTests.data("structures/zincite.cif")).structure
    }

    @Test(
        "microstrain has the invariants that are named, the others are nought; one of another class is refused"
    )
    func microstrain() throws {
        let structure = try Self.structure()
        let named = try MicrostrainStart.named(["S400": 9, "zeta": 0.4]).microstrain(of: structure)
        let names = named.invariants.forms.map(\.name)
        #expect(names == ["S400", "S004", "S202"] && named.values == [9, 0, 0])
        #expect(named.lorentzianShare == 0.4)
        #expect(try MicrostrainStart.named([:]).microstrain(of: structure).lorentzianShare == 1)
        let even = try MicrostrainStart.isotropic(1e-3).microstrain(of: structure)
        #expect(even == AnisotropicMicrostrain(structure, strain: 1e-3))
        #expect(
            throws: PatternError.unknownInvariant("S220", group: structure.spaceGroup.symbol, known: names)
        ) {
            try MicrostrainStart.named(["S220": 1]).microstrain(of: structure)
        }
    }

    @Test(
        "texture goes up to the highest order that is named; a harmonic that the class does not have is refused"
    )
    func texture() throws {
        let structure = try Self.structure()
        let named = try TextureStart.named(["C4.1": -0.15]).texture(of: structure)
        #expect(named.names == ["C2.1", "C4.1"] && named.values == [0, -0.15])
        #expect(try TextureStart.order(6).texture(of: structure).values.allSatisfy { $0 == 0 })
        #expect(try TextureStart.order(6).texture(of: structure).names.contains("C6.2"))
        for name in ["C4.2", "D2.1", "C3.1"] {
            #expect(throws: PatternError.self, "\(name)") {
                try TextureStart.named([name: 1]).texture(of: structure)
            }
        }
    }
}
