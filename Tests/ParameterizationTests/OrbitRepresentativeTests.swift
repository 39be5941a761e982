import Crystallography
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Representatives of orbits") struct OrbitRepresentativeTests {
    @Test(
        "OrbitRepresentative: whichever atom carries the coordinates, the crystal is the same, atom by atom")
    func sameCrystal() throws {
        var compared = 0
        for seed in UInt64(1)...60 {
            guard let made = ReducedStructureTests.random(seed) else { continue }
            let cell = made.expanded()
            let first = try ReducedStructure(reducing: cell, in: made.spaceGroup)
            let triplet = try ReducedStructure(
                reducing: cell, in: made.spaceGroup, representative: .firstTriplet)
            #expect(first.orbits.map(\.multiplicity) == triplet.orbits.map(\.multiplicity))
            #expect(
                first.orbits.map(\.siteSymmetry.directions.count)
                    == triplet.orbits.map(\.siteSymmetry.directions.count))
            let (a, b) = (first.expanded(), triplet.expanded())
            #expect(a.sites.count == b.sites.count)
            for (x, y) in zip(a.sites, b.sites) {
                #expect(x.occupants == y.occupants)
                #expect(cell.lattice.length((x.position - y.position).nearestImage) < 1e-6)
            }
            compared += 1
        }
        #expect(compared > 30)
    }
}
