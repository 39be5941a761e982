import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Recovers a structure from a powder pattern in its reduced space: the cell by positions, the coordinates by
/// intensities, then everything together.
///
/// The start gives the space group, the occupied positions, a cell within about ten per cent, and coordinates that
/// are tried first but not trusted.
public struct PowderRecovery: Sendable {
    /// Radiation, geometry, polarisation; its widths and zero are found.
    public var instrument: Instrument
    /// Every number that decides what is found; Docs/RecoverySettings.md.
    public var settings = RecoverySettings()
    /// The table of form factors.
    public var scatteringTable = ScatteringTable.wk95
    /// Whether f′ and f″ enter.
    public var dispersion = true
    /// Every random choice follows from it.
    public var seed: UInt64 = 1
    /// What the result is to be described like, in origin, labels and order; it takes no part in the search.
    public var reference: CrystalStructure?
    /// More patterns of the sample: what the first one leaves is refined against all of them and ranked by that.
    package var companions: [CompanionPattern] = []
    /// Phases beside the one that is looked for, with what they give to the first pattern; nil for none.
    package var known: KnownContribution?
    /// Whether, and which, texture is looked for when a structure is found; nil for none. Searches know no texture.
    public var orientation: OrientationQuestion?
    /// Whether the first pattern's wavelength is refined beside companions'.
    public var refinesWavelength = false

    /// A recovery from patterns of this instrument.
    public init(instrument: Instrument) {
        self.instrument = instrument
    }

    /// What is being done, in one line, for a person who waits.
    public typealias Progress = RecoveryProgress
    /// The refined structure, its fit, and what else came near.
    public typealias Result = PowderResult
    /// Another structure that fits nearly as well.
    public typealias Alternative = PowderAlternative

    /// - `pattern`: restricted to the range that is to be used.
    /// - `weights`: one for each point; 0 leaves a point out.
    /// - `starts`: one group, one setting; where they occupy different positions, the intensities decide.
    /// - Throws: `RecoveryError` where too few lines stand out or no cell explains them; `CancellationError`.
    public func recover(
        _ pattern: PowderPattern, weights: [Double], starts: [ReducedStructure],
        progress: @escaping Progress = { _ in }
    ) throws -> Result {
        guard let first = starts.first else { throw RecoveryError.noCell }
        let evidence = try evidence(
            pattern, weights: weights, atLeast: first.latticeParameters.names.count + 1, progress: progress)
        let stage = CellStage(evidence: evidence, settings: settings.cell)
        let cell = try stage.cell(around: first.lattice, in: first.spaceGroup, progress: progress)
        return try placedAndRefined(starts, cell: cell, evidence: evidence, progress: progress)
    }

    /// Normal weights of a pattern: 1/σ² where the file has σ, 1/max(y, 1) for counts.
    package static func weights(of pattern: PowderPattern, excluding: [ClosedRange<Double>] = []) -> [Double]
    {
        pattern.weights(excluding: excluding)
    }

    func evidence(
        _ pattern: PowderPattern, weights: [Double], atLeast least: Int, progress: Progress = { _ in }
    ) throws(RecoveryError) -> MeasuredPattern {
        let evidence = try MeasuredPattern(
            pattern, weights: weights, instrument: instrument, scatteringTable: scatteringTable,
            dispersion: dispersion, settings: settings, atLeast: least, known: known)
        let lines = evidence.lines
        progress("\(lines.peaks.count) lines found, width \(String(format: "%.3f", lines.width))°")
        return evidence
    }

    /// Atoms by the intensities of a cell on the positions of every start, the best refined.
    func placedAndRefined(
        _ starts: [ReducedStructure], cell: FittedCell, evidence: MeasuredPattern,
        progress: @escaping Progress
    ) throws -> Result {
        let reflections = evidence.reflections(of: starts.map(\.spaceGroup), cell.lattice.lattice)
        let intensities = try evidence.intensities(
            of: reflections ?? cell.reflections, cell.lattice.lattice, profile: cell.fit.profile)
        @Sendable func placed(_ start: ReducedStructure, _ count: Int, _ progress: Progress) throws
            -> [PlacedMinimum]
        {
            var structure = start
            structure.latticeParameters = cell.lattice
            return try atoms(structure, intensities, evidence, starts: count, progress: progress).map {
                PlacedMinimum(minimum: $0, start: start)
            }
        }
        @Sendable func score(_ placed: PlacedMinimum) -> Double { placed.score(settings.selection) }
        let occupation = OccupationStage(settings: settings.occupation, seed: seed)
        let kept = try occupation.sifted(starts, progress: progress) { way, count in
            try placed(way, count, { _ in }).first.map(score)
        }
        let isAlone = kept.count == 1
        let found = try WorkLimit.map(
            kept, { try placed($0, settings.atoms.starts, isAlone ? progress : { _ in }) },
            done: { way, minima in
                if !isAlone { progress("occupied: \(way.spaceGroup.compactSymbol) \(way.occupation)") }
                guard let best = minima.first?.minimum else { return }
                progress(
                    "atoms from intensities: Rwp \(String(format: "%.2f %%", 100 * best.rwp)) of the net "
                        + "pattern, reached \(best.hits) times")
            }
        ).flatMap(\.self)
        return try refined(found, cell: cell, evidence: evidence, progress: progress)
    }

    /// The best of minima, refined.
    func refined(
        _ minima: [PlacedMinimum], cell: FittedCell, evidence: MeasuredPattern, progress: @escaping Progress
    ) throws -> Result {
        let refinement = MeasuredRefinement(
            evidence: evidence, cell: cell, settings: settings, reference: reference, companions: companions,
            refinesWavelength: refinesWavelength, progress: progress)
        return try refinement.refine(
            minima.sorted { $0.score(settings.selection) < $1.score(settings.selection) })
    }

    private func atoms(
        _ structure: ReducedStructure, _ intensities: PatternIntensities, _ evidence: MeasuredPattern,
        starts: Int, progress: Progress
    ) throws -> [AtomSearch.Candidate] {
        var search = settings.atoms
        search.starts = starts
        let stage = AtomStage(evidence: evidence, settings: search, seed: seed)
        return try stage.minima(of: structure, intensities) { done, best in
            if done % 50 == 0 {
                progress("atoms: \(done) starts, Rwp \(String(format: "%.2f %%", 100 * best))")
            }
        }
    }
}
