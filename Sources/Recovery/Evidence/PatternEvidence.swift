import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// A pattern as the stages of a recovery see it: its lines, and what lines, cells and atoms leave of it unexplained.
///
/// Behind it stand `MeasuredPattern` (noise, a background taken off, profiles found with the cell) and `ExactPattern` (no noise, a
/// known simulator's profiles).
package protocol PatternEvidence: Sendable {
    var instrument: Instrument { get }
    var scatteringTable: ScatteringTable { get }
    /// Whether f′ and f″ enter.
    var dispersion: Bool { get }
    /// What stands out of the pattern.
    var lines: PeakSearch.Result { get }
    /// What intensities are held against.
    var data: PawleyFit.Data { get }
    /// Degrees beyond the end of `data` from which a reflection still reaches into it…
    var reflectionReach: Double { get }
    /// …with enough to count among the lines that a group may lack.
    var absenceReach: Double { get }
    /// By how much more, in (sinθ/λ)², reflections are listed while a cell moves.
    var reflectionMargin: Double { get }

    /// The profile of a line at Q = 1/d²; nil outside of the grid.
    ///
    /// - Parameter profile: what the cell's refinement found, where profiles are not known beforehand.
    func column(q: Double, profile: CellProfile, grid: [Double]) -> ProfileColumn?
}

/// What the integrated intensities of one cell must satisfy.
package struct PatternIntensities: Sendable {
    package let reflections: ReflectionList
    package let profile: CompressedProfile
}

extension PatternEvidence {
    /// (sinθ/λ)² at an angle, degrees 2θ.
    package func reciprocal(at twoTheta: Double) -> Double {
        let s = sin(twoTheta * .pi / 360) / instrument.radiation.shortestWavelength
        return s * s
    }

    /// The largest (sinθ/λ)² that a line with some intensity in the pattern can have.
    package var reciprocalLimit: Double { reciprocal(at: (data.twoTheta.last ?? 0) + absenceReach) }

    /// Reflections that reach below an angle, degrees 2θ.
    package func reflections(of group: SpaceGroup, _ lattice: Lattice, to twoTheta: Double) -> ReflectionList
    {
        ReflectionList(
            operations: group.operations, reciprocalMetric: lattice.reciprocalMetric,
            limit: reciprocal(at: twoTheta) * reflectionMargin)
    }

    /// - Parameter part: of `data` that is to be explained; nil for all.
    /// - Throws: `RecoveryError.noReflections` where none meets the pattern.
    package func intensities(
        of reflections: ReflectionList, _ lattice: Lattice, profile: CellProfile,
        in part: PawleyFit.Data? = nil
    ) throws(RecoveryError) -> PatternIntensities {
        let data = part ?? data
        let metric = lattice.reciprocalMetric
        let columns = reflections.indices.map { h in
            column(
                q: 4 * ReflectionList.q(of: h, reciprocalMetric: metric), profile: profile,
                grid: data.twoTheta)
        }
        guard let profile = CompressedProfile(columns: columns, intensity: data.net, weights: data.weights)
        else { throw .noReflections }
        return PatternIntensities(reflections: reflections, profile: profile)
    }

    /// √(Σw(y − ŷ)²/Σwy²) with the best non-negative intensities of lines at Q = 1/d².
    package func freeIntensityR(q: [Double], profile: CellProfile) -> Double {
        let columns = q.compactMap { column(q: $0, profile: profile, grid: data.twoTheta) }
            .sorted { $0.start < $1.start }
        guard !columns.isEmpty else { return 1 }
        let projected = columns.map { $0.projection(of: data.net, weights: data.weights) }
        let solution = BandedGram(columns, weights: data.weights).nonNegativeSolution(projected, from: nil)
        var rest = data.net
        for (column, value) in zip(columns, solution) where value > 0 {
            for i in column.values.indices { rest[column.start + i] -= value * column.values[i] }
        }
        func square(_ y: [Double]) -> Double { zip(y, data.weights).reduce(0) { $0 + $1.1 * $1.0 * $1.0 } }
        return (square(rest) / max(square(data.net), 1e-300)).squareRoot()
    }
}
