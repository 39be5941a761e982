import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// The atoms of a rigid group in a crystal: from the first label's representative along bonds to all that are named.
struct RigidAtoms {
    struct Atom {
        let orbit: Int
        /// From the orbit's representative, lattice translation included.
        let operation: SymmetryOperation
        let position: SIMD3<Double>
    }

    let list: [Atom]

    /// Bonds are up to this times the sum of covalent radii, as contacts count them.
    private static let longestBond = 1.25
    /// Å; for elements without a covalent radius.
    private static let unknownRadius = 1.5
    /// Groups of more atoms are networks.
    private static let mostAtoms = 400
    /// Å; an operation that brings every atom as near to another one brings the group into itself.
    private static let tolerance = 1e-3

    init(_ group: RigidGroup, in structure: ReducedStructure) throws(RigidGroupError) {
        let orbits = group.labels.compactMap { label in
            structure.orbits.firstIndex { $0.label == label }
        }
        let places = try Self.places(orbits, group, in: structure)
        guard let first = places.first(where: { $0.orbit == orbits.first }) else {
            throw .unknownAtoms(group: group.name, known: structure.orbits.map(\.label))
        }
        var found = [first]
        var next = 0
        while next < found.count {
            let centre = found[next]
            next += 1
            for place in places {
                for atom in Self.neighbours(of: centre, place, in: structure) {
                    let isKnown = found.contains { known in
                        known.orbit == atom.orbit
                            && structure.lattice.length(known.position - atom.position) < Self.tolerance
                    }
                    if !isKnown { found.append(atom) }
                }
            }
            guard found.count <= Self.mostAtoms else {
                throw .endless(group: group.name, atoms: found.count)
            }
        }
        for (label, orbit) in zip(group.labels, orbits) where !found.contains(where: { $0.orbit == orbit }) {
            throw .apart(group: group.name, label: label)
        }
        guard found.count > 1 else { throw .alone(group: group.name, label: group.labels.first ?? "") }
        list = found
    }

    /// The mean of the atoms.
    var centre: SIMD3<Double> {
        list.reduce(.zero) { $0 + $1.position } / Double(max(1, list.count))
    }

    /// Operations, with the lattice translations that belong to them, that bring every atom to one of its orbit in the group; the
    /// identity first.
    func stabilizer(in structure: ReducedStructure) -> [SymmetryOperation] {
        let middle = centre
        return structure.spaceGroup.operations.compactMap { operation in
            let step = (middle - operation.apply(to: middle)).rounded(.toNearestOrEven)
            let whole = Self.moved(operation, by: SIMD3<Int>(step))
            let isOwn = list.allSatisfy { atom in
                let image = whole.apply(to: atom.position)
                return list.contains {
                    $0.orbit == atom.orbit
                        && structure.lattice.length($0.position - image) < Self.tolerance
                }
            }
            return isOwn ? whole : nil
        }.sorted { a, _ in a == .identity }
    }

    /// Every atom of the orbits in one cell.
    private static func places(
        _ orbits: [Int], _ group: RigidGroup, in structure: ReducedStructure
    ) throws(RigidGroupError) -> [Atom] {
        orbits.flatMap { orbit in
            structure.orbits[orbit].images.map {
                Atom(orbit: orbit, operation: $0, position: $0.apply(to: structure.orbits[orbit].position))
            }
        }
    }

    /// Copies of an atom by lattice translations that are bonded to another one.
    static func neighbours(of centre: Atom, _ place: Atom, in structure: ReducedStructure) -> [Atom] {
        func radius(_ orbit: Int) -> Double {
            structure.orbits[orbit].occupants.first?.species.element.covalentRadius ?? unknownRadius
        }
        let reach = longestBond * (radius(centre.orbit) + radius(place.orbit))
        let nearest = (centre.position - place.position).rounded(.toNearestOrEven)
        var found: [Atom] = []
        for i in -1...1 {
            for j in -1...1 {
                for k in -1...1 {
                    let shift = SIMD3<Int>(nearest) &+ SIMD3(i, j, k)
                    let position = place.position + SIMD3<Double>(shift)
                    let distance = structure.lattice.length(position - centre.position)
                    guard distance > tolerance, distance <= reach else { continue }
                    found.append(
                        Atom(
                            orbit: place.orbit, operation: moved(place.operation, by: shift),
                            position: position))
                }
            }
        }
        return found
    }

    private static func moved(_ operation: SymmetryOperation, by shift: SIMD3<Int>) -> SymmetryOperation {
        SymmetryOperation(
            rotation: operation.rotation,
            translation: operation.translation &+ shift &* SymmetryOperation.denominator)
    }
}
