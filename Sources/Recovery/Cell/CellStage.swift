import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// The first stage of a recovery: lattices by the positions of the lines, groups by the lines that are not there.
package struct CellStage<Evidence: PatternEvidence>: Sendable {
    package let evidence: Evidence
    package let settings: RecoverySettings.Cell

    package init(evidence: Evidence, settings: RecoverySettings.Cell) {
        (self.evidence, self.settings) = (evidence, settings)
    }

    /// A cell, and the groups of its centring.
    package struct Centred: Sendable {
        package let cell: FittedCell
        package let groups: [SpaceGroup]

        package init(cell: FittedCell, groups: [SpaceGroup]) { (self.cell, self.groups) = (cell, groups) }
    }

    /// The last of the lines that are assigned.
    package var lastLine: Peak? { evidence.lines.peaks.prefix(settings.lines).last }

    /// Lattices near a start's by positions alone, the likeliest first; none where the lines are too few to tell one.
    ///
    /// - Parameter spread: assumed strength of the start's distortion.
    package func proposals(around start: Lattice, in group: SpaceGroup, spread: Double)
        throws(CancellationError)
        -> [CellCandidate]
    {
        let prior = CellPrior(around: start, spread: spread, in: group, samples: settings.priorSamples)
        guard let last = lastLine, evidence.lines.peaks.count > prior.count,
            let mean = prior.lattice(prior.mean)
        else { return [] }
        let list = ReflectionList(
            operations: group.operations, reciprocalMetric: mean.reciprocalMetric,
            limit: last.q / 4 * (1 + 3 * spread) * settings.listRange)
        return try CellSearch(settings: settings)(
            peaks: evidence.lines.peaks, prior: prior, reflections: list.indices,
            wavelength: evidence.instrument.radiation.wavelength)
    }

    /// The cells of the groups' centrings, those left out that explain the pattern much worse than the best does.
    ///
    /// - Parameter cells: of a group that stands for its centring.
    package func centred(
        _ groups: [SpaceGroup], _ absences: RecoverySettings.Absences,
        cells: @Sendable (_ widest: SpaceGroup) throws -> [FittedCell]
    ) throws -> [Centred] {
        let found = try WorkLimit.map(CentringClass.classes(of: groups)) { centring in
            try cells(centring.widest).map { Centred(cell: $0, groups: centring.groups) }
        }.flatMap(\.self)
        guard let best = found.map(\.cell.rwp).min() else { return [] }
        let limit = max(best + absences.centringSlack, absences.centringFactor * best)
        return found.filter { $0.cell.rwp < limit }
    }

    /// The groups whose absences the pattern allows in their cell.
    package func allowed(_ centred: Centred, _ absences: RecoverySettings.Absences) -> [AbsenceScreen
        .Survivor]
    {
        let profile = centred.cell.fit.profile
        return AbsenceScreen(
            centred.cell.lattice, reciprocalLimit: evidence.reciprocalLimit, slack: absences.slack,
            factor: absences.factor
        ) { evidence.freeIntensityR(q: $0, profile: profile) }.survivors(of: centred.groups)
    }
}
