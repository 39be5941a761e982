import Crystallography
import NumericalMethods
import Symmetry

/// Which atom of an orbit carries the free coordinates; the crystal is the same.
public enum OrbitRepresentative: Sendable, Hashable {
    /// The orbit's first atom, in the structure's order: its coordinates are the file's.
    case firstAtom
    /// The atom on the Wyckoff position's first triplet, so that the formula reads as in the tables, with free
    /// coordinates in [0, 1).
    case firstTriplet
}

extension Orbit {
    /// The orbit on its position's first triplet, and the operation that carries the old representative there; nil
    /// where the site's symmetry does not belong to the group.
    func onFirstTriplet(of spaceGroup: SpaceGroup) -> (orbit: Orbit, operation: SymmetryOperation)? {
        guard var (position, operation) = spaceGroup.wyckoffPosition(of: siteSymmetry) else { return nil }
        // Along the free directions the site may go on into [0, 1).
        let moved = operation.apply(to: self.position)
        for axis in 0..<3 where position.matrix[axis, axis] == 1 {
            let shift = -Int((moved[axis] + 1e-12).rounded(.down))
            let direction = SIMD3(
                position.matrix[0, axis], position.matrix[1, axis], position.matrix[2, axis])
            operation.translation &+= direction &* (shift * SymmetryOperation.denominator)
        }
        guard let orbit = represented(by: operation) else { return nil }
        return (orbit, operation)
    }

    /// The same orbit, its representative where an operation of the group carries it; the identity first among the
    /// images. nil where the operation has no inverse.
    func represented(by operation: SymmetryOperation) -> Orbit? {
        guard let inverse = operation.inverse else { return nil }
        let position = operation.apply(to: position)
        let symmetry = SiteSymmetry(
            stabilizer: siteSymmetry.stabilizer.map { operation.combined(with: $0).combined(with: inverse) })
        var images = images.map { $0.combined(with: inverse) }
        // Anywhere on the site: at the orbit's own coordinates atoms may meet, and the first that is there need not be it.
        let anywhere = symmetry.genericPosition
        guard
            let own = images.firstIndex(where: {
                ($0.apply(to: anywhere) - anywhere).nearestImage.length < 1e-6
            })
        else { return nil }
        images.remove(at: own)
        images.insert(.identity, at: 0)
        return Orbit(
            label: label, occupants: occupants, siteSymmetry: symmetry,
            coordinates: symmetry.parameters(of: position), displacement: displacement?.moved(by: operation),
            letter: letter, images: images)
    }
}
