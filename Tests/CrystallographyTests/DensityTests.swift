import Crystallography
import Testing

@Suite("Density") struct DensityTests {
    private static func crystal(_ a: Double, _ atoms: [(String, Double)]) -> CrystalStructure {
        CrystalStructure(
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            sites: atoms.compactMap { symbol, x in
                Element(symbol: symbol).map { Site($0, at: SIMD3(repeating: x)) }
            })
    }

    @Test("x-ray densities of the handbook: silicon, rock salt, copper")
    func handbook() {
        // CRC Handbook: 2.329, 2.165, 8.935 g/cm³ with these cells.
        let silicon = Self.crystal(5.4310, (0..<8).map { ("Si", Double($0) / 8) })
        #expect(abs(silicon.density - 2.329) < 0.002)
        let salt = Self.crystal(
            5.6402, (0..<4).flatMap { [("Na", Double($0) / 8), ("Cl", 0.5 + Double($0) / 8)] })
        #expect(abs(salt.density - 2.164) < 0.003)
        let copper = Self.crystal(3.6149, (0..<4).map { ("Cu", Double($0) / 4) })
        #expect(abs(copper.density - 8.935) < 0.005)
    }

    @Test("half an atom weighs half; twice the volume halves the density")
    func proportions() throws {
        let element = try #require(Element(symbol: "Fe"))
        let whole = Occupant(Species(element), occupancy: 1)
        let half = Occupant(Species(element), occupancy: 0.5)
        #expect(half.mass * 2 == whole.mass)
        #expect(abs(Density.of(mass: 10, in: 20) * 2 - Density.of(mass: 10, in: 10)) < 1e-15)
    }
}
