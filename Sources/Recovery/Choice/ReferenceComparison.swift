import Crystallography
import Matching
import Parameterization
import Refinement

/// A recovered structure beside the one it should be.
package struct ReferenceComparison: Sendable {
    package let isMatch: Bool
    package let rmsDisplacement: Double?
    package let maximumDisplacement: Double?
    /// Å for each atom of the recovered cell, where both are given in the same setting.
    private let displacements: [Double]?

    /// - Throws: `CancellationError` where the task is cancelled or the time is up, in the middle of a search too.
    package init(_ structure: ReducedStructure, reference: CrystalStructure) throws {
        let expanded = structure.expanded()
        let match = try StructureMatch.find(
            MatchCandidate(expanded), MatchCandidate(reference), tolerances: .strict,
            check: { try WorkLimit.check() })
        isMatch = match?.isMatch ?? false
        let ratios = expanded.lattice.lengths / reference.lattice.lengths
        let sameSetting = ratios.min() > 0.95 && ratios.max() < 1.05
        let description =
            sameSetting
            ? try EquivalentDescription.closest(
                expanded, to: reference, settings: MatchSettings.Description(),
                check: { try WorkLimit.check() })
            : nil
        displacements = description?.displacements
        rmsDisplacement = description?.rmsDisplacement ?? match?.rmsDisplacement
        maximumDisplacement = description?.maximumDisplacement ?? match?.maximumDisplacement
    }

    /// The largest displacement of an orbit's atoms, Å.
    package func displacement(ofOrbit orbit: Int, in structure: ReducedStructure) -> Double? {
        guard let displacements else { return nil }
        return zip(structure.atoms, displacements).filter { $0.0.orbit == orbit }.map(\.1).max()
    }
}
