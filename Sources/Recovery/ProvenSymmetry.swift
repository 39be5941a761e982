import Parameterization
import Symmetry

/// Whether a structure's symmetry is what it claims, by spglib's word.
enum ProvenSymmetry {
    /// The claimed group, no less and no more, is found at 10⁻⁵ Å.
    static func isFoundAgain(_ structure: ReducedStructure) -> Bool {
        let found = try? SymmetryFinder.find(in: structure.expanded(), tolerance: 1e-5)
        return found?.spaceGroup.number == structure.spaceGroup.number
    }
}
