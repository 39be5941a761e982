import Crystallography
import Diffraction
import Parameterization
import Refinement
import Symmetry

/// A measured pattern: lines among noise, net intensities above a background that is taken off beforehand, profiles that come with the
/// cell.
package struct MeasuredPattern: PatternEvidence {
    /// Restricted to the range that is to be used.
    package let pattern: PowderPattern
    /// One for each point; 0 leaves a point out.
    package let weights: [Double]
    package let instrument: Instrument
    package let scatteringTable: ScatteringTable
    package let dispersion: Bool
    package let lines: PeakSearch.Result
    package let data: PawleyFit.Data
    /// Phases beside the one that is looked for; `lines` and `data` are without them.
    package let known: KnownContribution?
    package let reflectionMargin: Double
    /// Weak tails beyond the end are background.
    package let reflectionReach = 0.0
    package let absenceReach = 0.0

    /// - Parameters:
    ///   - least: lines that must be found.
    ///   - known: of this pattern; nil for none.
    /// - Throws: `RecoveryError.tooFewLines`.
    package init(
        _ pattern: PowderPattern, weights: [Double], instrument: Instrument, scatteringTable: ScatteringTable,
        dispersion: Bool, settings: RecoverySettings, atLeast least: Int, known: KnownContribution? = nil
    ) throws(RecoveryError) {
        (self.pattern, self.weights, self.instrument) = (pattern, weights, instrument)
        (self.scatteringTable, self.dispersion) = (scatteringTable, dispersion)
        reflectionMargin = settings.cell.reflectionMargin
        self.known = known
        let own = known?.removed(from: pattern, weights: weights) ?? pattern
        var lines = PeakSearch(settings: settings.lines)(own, radiation: instrument.radiation)
        if let known { lines = known.clean(lines, pattern) }
        guard lines.peaks.count >= least else { throw .tooFewLines(found: lines.peaks.count) }
        self.lines = lines
        // Where a known phase stands the rest is known less well.
        let ownWeights = known == nil ? weights : (own.sigma ?? []).map { $0 > 0 ? 1 / ($0 * $0) : 0 }
        data = PawleyFit.Data(
            twoTheta: pattern.twoTheta, net: zip(own.intensity, lines.background).map { $0 - $1 },
            weights: ownWeights, radiation: instrument.radiation)
    }

    package func column(q: Double, profile: CellProfile, grid: [Double]) -> ProfileColumn? {
        profile.column(q: q, radiation: instrument.radiation, grid: grid)
    }

    /// Reflections of the whole pattern, or of its part below an angle.
    package func reflections(of group: SpaceGroup, _ lattice: Lattice, in part: PawleyFit.Data? = nil)
        -> ReflectionList
    {
        reflections(of: group, lattice, to: ((part ?? data).twoTheta.last ?? 0) + reflectionReach)
    }

    /// Those that tell structures of several groups apart; nil where there is no group.
    package func reflections(of groups: [SpaceGroup], _ lattice: Lattice, in part: PawleyFit.Data? = nil)
        -> ReflectionList?
    {
        reflections(of: groups, lattice, to: ((part ?? data).twoTheta.last ?? 0) + reflectionReach)
    }
}
