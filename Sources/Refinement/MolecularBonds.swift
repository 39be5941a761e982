import Crystallography
import Parameterization
import Symmetry

/// Whether a structure holds molecules, whose shape powder data of a laboratory do not hold.
package enum MolecularBonds {
    /// Kinds of carbon atoms from which on carbon is a molecule's and not a carbide's, a cyanide's or a carbonate's.
    private static let leastKinds = 3

    /// Three kinds of carbon atoms at least, two of them bonded to each other.
    package static func areIn(_ structure: ReducedStructure) -> Bool {
        let carbon = structure.orbits.indices.filter { orbit in
            structure.orbits[orbit].occupants.contains { $0.species.element.atomicNumber == 6 }
        }
        guard carbon.count >= leastKinds else { return false }
        let places = carbon.flatMap { orbit in
            structure.orbits[orbit].images.map { image in
                RigidAtoms.Atom(
                    orbit: orbit, operation: image,
                    position: image.apply(to: structure.orbits[orbit].position))
            }
        }
        return carbon.contains { orbit in
            let centre = RigidAtoms.Atom(
                orbit: orbit, operation: .identity, position: structure.orbits[orbit].position)
            return places.contains { !RigidAtoms.neighbours(of: centre, $0, in: structure).isEmpty }
        }
    }
}
