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
    package let reflectionMargin: Double
    /// Weak tails beyond the end are background.
    package let reflectionReach = 0.0
    package let absenceReach = 0.0

    /// - Parameter least: lines that must be found.
    /// - Throws: `RecoveryError.tooFewLines`.
    package init(
        _ pattern: PowderPattern, weights: [Double], instrument: Instrument, scatteringTable: ScatteringTable,
        dispersion: Bool, settings: RecoverySettings, atLeast least: Int
    ) throws(RecoveryError) {
        (self.pattern, self.weights, self.instrument) = (pattern, weights, instrument)
        (self.scatteringTable, self.dispersion) = (scatteringTable, dispersion)
        reflectionMargin = settings.cell.reflectionMargin
        let lines = PeakSearch(settings: settings.lines)(pattern, radiation: instrument.radiation)
        guard lines.peaks.count >= least else { throw .tooFewLines(found: lines.peaks.count) }
        self.lines = lines
        data = PawleyFit.Data(
            twoTheta: pattern.twoTheta, net: zip(pattern.intensity, lines.background).map { $0 - $1 },
            weights: weights, radiation: instrument.radiation)
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
}
