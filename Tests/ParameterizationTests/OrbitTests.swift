import Crystallography
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Orbits") struct OrbitTests {
    @Test("multiplicity × order of the site's group = order of the group, and no image stands twice")
    func orbitAndStabilizer() throws {
        for seed in UInt64(1)...60 {
            guard let structure = ReducedStructureTests.random(seed) else { continue }
            let group = structure.spaceGroup
            for orbit in structure.orbits {
                let fixing = group.operations.filter {
                    structure.lattice.length((($0.apply(to: orbit.position)) - orbit.position).nearestImage)
                        < 1e-6
                }
                #expect(orbit.multiplicity * fixing.count == group.order)
                let images = orbit.images.map { $0.apply(to: orbit.position) }
                for (index, image) in images.enumerated() {
                    let isRepeated = images[..<index].contains {
                        structure.lattice.length((image - $0).nearestImage) < 1e-6
                    }
                    #expect(!isRepeated)
                }
            }
        }
    }

    @Test("the smallest representative is an atom of the same orbit, and none is nearer to the origin")
    func smallestRepresentative() throws {
        for seed in UInt64(61)...90 {
            guard let structure = ReducedStructureTests.random(seed) else { continue }
            for orbit in structure.orbits {
                var moved = orbit
                moved.moveToSmallestRepresentative(in: structure.spaceGroup)
                let isOfOrbit = orbit.images.contains {
                    let image = $0.apply(to: orbit.position)
                    return structure.lattice.length((image - moved.position).nearestImage) < 1e-6
                }
                #expect(isOfOrbit)
                let (before, after) = (orbit.position.wrapped, moved.position.wrapped)
                #expect(after.dot(after) <= before.dot(before) + 1e-6)
            }
        }
    }

    @Test("a polar group holds one coordinate for each polar direction; any other group none")
    func polarOrigins() throws {
        for seed in UInt64(1)...120 {
            guard let structure = ReducedStructureTests.random(seed) else { continue }
            let directions = structure.spaceGroup.polarDirections.count
            #expect(structure.originCoordinates.count == directions)
            #expect(Set(structure.originCoordinates).isDisjoint(with: structure.freeCoordinates))
        }
    }
}
