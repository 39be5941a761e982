import Crystallography
import Evaluations
import NumericalMethods
import Testing

@Suite("StructureFingerprint") struct StructureFingerprintTests {
    private static func site(_ symbol: String, _ position: SIMD3<Double>) throws -> Site {
        Site(try #require(Element(symbol: symbol)), at: position)
    }

    private static func rutile() throws -> CrystalStructure {
        let x = 0.305
        return CrystalStructure(
            lattice: Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90),
            sites: [
                try site("Ti", .zero), try site("Ti", SIMD3(0.5, 0.5, 0.5)), try site("O", SIMD3(x, x, 0)),
                try site("O", SIMD3(1 - x, 1 - x, 0)), try site("O", SIMD3(0.5 + x, 0.5 - x, 0.5)),
                try site("O", SIMD3(0.5 - x, 0.5 + x, 0.5)),
            ])
    }

    @Test("another origin, order of atoms, size or a doubled cell change nothing")
    func invariance() throws {
        let rutile = try Self.rutile()
        let own = StructureFingerprint(rutile)
        var moved = rutile
        moved.sites = rutile.sites.reversed().map {
            var site = $0
            site.position += SIMD3(0.13, 0.71, 0.4)
            return site
        }
        let larger = CrystalStructure(
            lattice: Lattice(a: 5.0534, b: 5.0534, c: 3.2549, alpha: 90, beta: 90, gamma: 90),
            sites: rutile.sites)
        let doubled = CrystalStructure(
            lattice: Lattice(a: 4.594, b: 4.594, c: 5.918, alpha: 90, beta: 90, gamma: 90),
            sites: rutile.sites.flatMap { site in
                [0.0, 0.5].map { shift in
                    var copy = site
                    copy.position.z = site.position.z / 2 + shift
                    return copy
                }
            })
        for other in [moved, larger, doubled] {
            #expect(own.difference(to: StructureFingerprint(other)) < 1e-9)
        }
    }

    @Test("another structure of the same composition is far, other elements are infinitely far")
    func difference() throws {
        let own = StructureFingerprint(try Self.rutile())
        let fluorite = CrystalStructure(
            lattice: Lattice(a: 4.8, b: 4.8, c: 4.8, alpha: 90, beta: 90, gamma: 90),
            sites: try [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)].flatMap {
                [
                    try Self.site("Ti", $0), try Self.site("O", $0 + SIMD3(0.25, 0.25, 0.25)),
                    try Self.site("O", $0 + SIMD3(0.75, 0.25, 0.25)),
                ]
            })
        #expect(own.difference(to: StructureFingerprint(fluorite)) > 0.05)
        let metal = CrystalStructure(
            lattice: Lattice(a: 3, b: 3, c: 3, alpha: 90, beta: 90, gamma: 90),
            sites: [try Self.site("Cu", .zero)])
        #expect(own.difference(to: StructureFingerprint(metal)) == .infinity)
    }
}
