import Crystallography
import Parameterization
import Refinement

/// A structure that was recovered, how it fits, and what else came near.
public struct PowderResult: Sendable {
    /// The structure, refined, in its group.
    public var structure: ReducedStructure
    /// The start on the positions that led here.
    public var start: ReducedStructure
    /// Against the first pattern; where there are more, this pattern's part of `joint`.
    public var refinement: RietveldRefinement.Result {
        didSet { misfit = nil }
    }
    /// What it leaves beside free intensities, found once for each fit; nil where nobody asked yet.
    package var misfit: StructuralMisfit?
    /// Against all patterns, in their order; nil where there is one.
    public var joint: JointRefinement.Result?
    /// Of all patterns together.
    public var statistics: RefinementStatistics { joint?.statistics ?? refinement.statistics }
    /// Rwp of the same range with free intensities, background taken off; a fraction.
    public var freeIntensityRwp: Double
    /// The other minima that were refined, best first.
    public var alternatives: [PowderAlternative]
    /// The same structure with two elements in each other's places, refined.
    public var exchanged: [PowderAlternative] = []
    /// What limits the result, a line each.
    public var warnings: [String]
    /// Whether the highest symmetry that the pattern allows is taken; nil where it was not asked.
    public var groupClause: VerdictClause?
    /// In the maximal subgroup that fits decisively better, and most so; nil where none does, or it was not asked.
    package var lowered: ReducedStructure?
    /// What the pattern says of texture; nil where it was not asked.
    package var orientation: OrientationFinding?
    /// Of the search that found it; nil where the coordinates come from elsewhere.
    package var confirmation: SearchConfirmation?

    /// As another result's rival.
    package var alternative: PowderAlternative {
        PowderAlternative(
            structure: structure, rwp: statistics.rwp,
            shortestContact: Contacts(structure).shortestShare)
    }

    /// Whether no two atoms stand closer than any bond.
    private var isSane: Bool { Contacts(structure).shortestShare >= Contacts.sane }

    /// Sane contacts first; then the lower Rwp, a share of it allowed for each parameter that the other has more.
    package func isBetter(than other: PowderResult, _ selection: RecoverySettings.Selection) -> Bool {
        if isSane != other.isSane { return isSane }
        func score(_ r: PowderResult) -> Double {
            selection.score(r.statistics.rwp, parameters: r.structure.degreesOfFreedom)
        }
        return score(self) < score(other)
    }
}

/// A minimum that was refined and not taken.
public struct PowderAlternative: Sendable {
    /// That structure, refined.
    public var structure: ReducedStructure
    /// A fraction.
    public var rwp: Double
    /// As a share of the sum of covalent radii.
    public var shortestContact: Double
}
