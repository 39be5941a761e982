import Crystallography
import Testing

@Suite("AtomicVolumes") struct AtomicVolumesTests {
    @Test(
        "published cells are met within 15 %, in oxides, halides and metals",
        arguments: [
            // Å³ of a formula unit: anglesite (Miyake 1978), rutile, fluorite, halite, zincblende, CsCl-type NiAl.
            ("PbSO4", 79.6), ("TiO2", 31.2), ("CaF2", 40.8), ("NaCl", 44.9), ("ZnS", 39.6), ("NiAl", 24.0),
        ])
    func published(text: String, volume: Double) throws {
        let found = try #require(AtomicVolumes.volume(of: Formula(parsing: text)))
        #expect(abs(found / volume - 1) < 0.15)
    }

    @Test("two formula units have twice the volume; an element without a volume gives none")
    func additive() throws {
        let one = try #require(AtomicVolumes.volume(of: Formula(parsing: "MgAl2O4")))
        let two = try #require(AtomicVolumes.volume(of: Formula(parsing: "Mg2Al4O8")))
        #expect(abs(two - 2 * one) < 1e-9)
        #expect(AtomicVolumes.volume(of: try Formula(parsing: "OgO2")) == nil)
    }
}
