import Crystallography
import Parameterization

/// The ordered structures of a mixture: of the elements that share its orbits each has some of them for itself, in the numbers of atoms that
/// the mixture holds.
package struct OrderedMixture {
    package private(set) var structures: [ReducedStructure] = []

    /// Nil where nothing is mixed, or what is mixed adds up to no whole atoms or to those of no set of orbits.
    ///
    /// - Parameter most: structures at most.
    package init?(_ mixture: ReducedStructure, most: Int) {
        let mixed = mixture.orbits.indices.filter { mixture.orbits[$0].occupants.count > 1 }
        guard !mixed.isEmpty else { return nil }
        var counts: [Species: Double] = [:]
        for orbit in mixed.map({ mixture.orbits[$0] }) {
            for occupant in orbit.occupants {
                counts[occupant.species, default: 0] += occupant.occupancy * Double(orbit.multiplicity)
            }
        }
        // Two decimals of an occupancy are a hundredth of each atom.
        let atoms = mixed.reduce(0) { $0 + mixture.orbits[$1].multiplicity }
        guard counts.values.allSatisfy({ abs($0 - $0.rounded()) < max(0.01, 0.005 * Double(atoms)) }) else {
            return nil
        }
        fill(mixture, mixed[...], counts.mapValues { Int($0.rounded()) }, most: most)
        if structures.isEmpty { return nil }
    }

    private mutating func fill(
        _ structure: ReducedStructure, _ orbits: ArraySlice<Int>, _ left: [Species: Int], most: Int
    ) {
        guard structures.count < most else { return }
        guard let index = orbits.first else {
            if left.values.allSatisfy({ $0 == 0 }) { structures.append(structure) }
            return
        }
        let orbit = structure.orbits[index]
        for occupant in orbit.occupants where left[occupant.species] ?? 0 >= orbit.multiplicity {
            var (next, rest) = (structure, left)
            next.orbits[index].occupants = [Occupant(occupant.species)]
            rest[occupant.species, default: 0] -= orbit.multiplicity
            fill(next, orbits.dropFirst(), rest, most: most)
        }
    }
}
