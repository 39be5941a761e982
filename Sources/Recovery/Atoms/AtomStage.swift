import Diffraction
import Parameterization
import Refinement

/// The third stage of a recovery: free coordinates of one structure from the intensities of a cell.
package struct AtomStage<Evidence: PatternEvidence>: Sendable {
    let evidence: Evidence
    let settings: RecoverySettings.Atoms
    let seed: UInt64

    package init(evidence: Evidence, settings: RecoverySettings.Atoms, seed: UInt64) {
        (self.evidence, self.settings, self.seed) = (evidence, settings, seed)
    }

    /// Distinct minima, the best first.
    ///
    /// - Parameter structure: in the cell of the intensities; its coordinates are tried first but not trusted.
    package func minima(
        of structure: ReducedStructure, _ intensities: PatternIntensities,
        progress: (_ done: Int, _ best: Double) -> Void = { _, _ in }
    ) throws -> [AtomSearch.Candidate] {
        try WorkLimit.check()
        return try AtomSearch(settings: settings, seed: seed)(
            structure, model: try model(of: structure, intensities), profile: intensities.profile,
            progress: progress)
    }

    /// A minimum that was found with part of the intensities, descended with these.
    package func polished(_ found: AtomSearch.Candidate, _ intensities: PatternIntensities) throws
        -> AtomSearch.Candidate
    {
        try WorkLimit.check()
        return AtomSearch(settings: settings, seed: seed).polished(
            found, model: try model(of: found.structure, intensities), profile: intensities.profile)
    }

    private func model(of structure: ReducedStructure, _ intensities: PatternIntensities)
        throws(DiffractionError) -> StructureIntensities
    {
        try StructureIntensities(
            structure, reflections: intensities.reflections, instrument: evidence.instrument,
            scatteringTable: evidence.scatteringTable, dispersion: evidence.dispersion)
    }
}
