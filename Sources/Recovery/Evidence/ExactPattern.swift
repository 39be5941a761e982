import Crystallography
import Diffraction
import Foundation
import Parameterization
import Refinement
import Symmetry

/// A pattern without noise, background or displacements, of a simulator whose profiles are known.
package struct ExactPattern: PatternEvidence {
    package let instrument: Instrument
    package let scatteringTable: ScatteringTable
    package let dispersion: Bool
    /// Degrees, equidistant.
    package let twoTheta: [Double]
    /// The highest point is 1.
    package let target: [Double]
    package let lines: PeakSearch.Result
    /// On a coarser grid.
    package let data: PawleyFit.Data
    package let reflectionReach: Double
    package let absenceReach: Double
    package let reflectionMargin: Double
    private let settings: ExactSettings

    /// - Throws: `RecoveryError.tooFewLines` where the pattern is empty.
    package init(
        twoTheta: [Double], intensity: [Double], instrument: Instrument, scatteringTable: ScatteringTable,
        dispersion: Bool, settings: ExactSettings
    ) throws(RecoveryError) {
        let highest = intensity.max() ?? 0
        guard highest > 0 else { throw .tooFewLines(found: 0) }
        self.twoTheta = twoTheta
        let target = intensity.map { $0 / highest }
        self.target = target
        (self.instrument, self.scatteringTable, self.dispersion) = (instrument, scatteringTable, dispersion)
        self.settings = settings
        reflectionReach = settings.grid.reflectionReach
        absenceReach = settings.grid.absenceReach
        reflectionMargin = settings.cell.reflectionMargin
        var search = PeakSearch(settings: settings.lines)
        search.removesBackground = false
        lines = search(
            PowderPattern(twoTheta: twoTheta, intensity: target), radiation: instrument.radiation)
        data = Self.coarse(
            twoTheta, target, step: settings.grid.step, radiation: instrument.radiation)
    }

    /// Every so many points.
    private static func coarse(
        _ twoTheta: [Double], _ target: [Double], step wanted: Double, radiation: Radiation
    ) -> PawleyFit.Data {
        let step = twoTheta.count > 1 ? twoTheta[1] - twoTheta[0] : 0.01
        let skip = max(1, Int((wanted / step).rounded()))
        let points = stride(from: 0, to: twoTheta.count, by: skip)
        return PawleyFit.Data(
            twoTheta: points.map { twoTheta[$0] }, net: points.map { target[$0] },
            weights: points.map { _ in 1 }, radiation: radiation)
    }

    /// The simulator's own; a cell's refinement has nothing to say of it.
    package func column(q: Double, profile: CellProfile, grid: [Double]) -> ProfileColumn? {
        ProfileColumn(q: q, instrument: instrument, grid: grid)
    }

    /// The simulator's widths as a cell's refinement knows them.
    package var profile: CellProfile {
        let widths = instrument.widths.values
        return CellProfile(
            w: widths[2], u: widths[0], eta: widths[6], zero: 0, radius: settings.cells.profileRadius)
    }

    package func intensities(of group: SpaceGroup, _ lattice: Lattice) throws(RecoveryError)
        -> PatternIntensities
    {
        try intensities(of: group, lattice, to: twoTheta.last ?? 90)
    }

    /// Of the lines at low angles.
    package func lowAngles(of group: SpaceGroup, _ lattice: Lattice) throws(RecoveryError)
        -> PatternIntensities
    {
        let count = settings.grid.lowAngleReflections
        let last = twoTheta.last ?? 90
        let metric = lattice.reciprocalMetric
        let values = reflections(of: group, lattice, to: last).indices
            .map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted()
        guard values.count > count else { return try intensities(of: group, lattice) }
        let wavelength = instrument.radiation.wavelength
        let angle = 2 * asin(min(1, values[count].squareRoot() * wavelength)) * 180 / .pi
        return try intensities(of: group, lattice, to: min(last, angle))
    }

    private func intensities(of group: SpaceGroup, _ lattice: Lattice, to last: Double)
        throws(RecoveryError) -> PatternIntensities
    {
        try intensities(
            of: reflections(of: group, lattice, to: last + reflectionReach), lattice, profile: profile,
            in: data.below(last))
    }
}
