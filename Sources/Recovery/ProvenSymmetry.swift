import Parameterization
import Symmetry

/// Whether a structure's symmetry is what it claims, by spglib's word.
enum ProvenSymmetry {
    /// The claimed group is found again at 10⁻⁵ Å.
    static func isFoundAgain(_ structure: ReducedStructure) -> Bool {
        false
    }
}
