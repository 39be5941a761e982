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
    /// At most 12 Chebyshev terms.
    public var backgroundTerms = 10
    /// Assumed strengths of the cell's distortion, tried together.
    public var cellSpreads = [0.03, 0.08]
    /// Cells that are refined with free intensities.
    public var cellCandidates = 8
    /// Minima of the atom search that are refined against the whole pattern.
    public var atomCandidates = 3
    /// The best minimum of so many ways to occupy positions is refined too: intensities alone tell groups hardly apart.
    public var rivalCandidates = 8
    public var atomStarts = 200
    /// Where there are more ways to occupy positions than this, all get a few starts and the best so many get all.
    public var occupationsKept = 8
    /// Those few.
    public var screeningStarts = 25
    /// Groups of one centring whose positions are filled, where the group is not known.
    public var groupsKept = 12
    public var scatteringTable = ScatteringTable.wk95
    /// Whether f′ and f″ enter.
    public var dispersion = true
    public var seed: UInt64 = 1
    /// What the result is to be described like, in origin, labels and order; it takes no part in the search.
    public var reference: CrystalStructure?
    /// More patterns of the sample: what the first one leaves is refined against all of them and ranked by that.
    public var companions: [CompanionPattern] = []
    /// Whether the first pattern's wavelength is refined beside companions'.
    public var refinesWavelength = false

    public init(instrument: Instrument) {
        self.instrument = instrument
    }

    public struct Result: Sendable {
        public var structure: ReducedStructure
        /// The start on the positions that led here.
        public var start: ReducedStructure
        /// Against the first pattern; where there are more, this pattern's part of `joint`.
        public var refinement: RietveldRefinement.Result
        /// Against all patterns, in their order; nil where there is one.
        public var joint: JointRefinement.Result?
        /// Of all patterns together.
        public var statistics: RefinementStatistics { joint?.statistics ?? refinement.statistics }
        /// Rwp of the same range with free intensities, background taken off.
        public var freeIntensityRwp: Double
        /// The other minima that were refined, best first.
        public var alternatives: [Alternative]
        /// The same structure with two elements in each other's places, refined.
        public var exchanged: [Alternative] = []
        public var warnings: [String]
        /// Whether the highest symmetry that the pattern allows is taken; nil where it was not asked.
        public var groupClause: VerdictClause?
    }

    public struct Alternative: Sendable {
        public var structure: ReducedStructure
        public var rwp: Double
        public var shortestContact: Double
    }

    /// What is being done, for a person who waits.
    public typealias Progress = @Sendable (String) -> Void

    /// - Parameters:
    ///   - pattern: restricted to the range that is to be used.
    ///   - weights: one for each point; 0 leaves a point out.
    ///   - starts: one group, one setting; where they occupy different positions, the intensities decide.
    public func callAsFunction(
        _ pattern: PowderPattern, weights: [Double], starts: [ReducedStructure], progress: Progress = { _ in }
    ) throws -> Result {
        guard let first = starts.first else { throw RecoveryError.noCell }
        let lines = try Lines(
            pattern, weights: weights, radiation: instrument.radiation,
            atLeast: first.latticeParameters.names.count + 1, progress: progress)
        let cell = try cell(lines, around: first.lattice, in: first.spaceGroup, progress: progress)
        return try placedAndRefined(
            starts, cell: cell, pattern: pattern, weights: weights, lines: lines, progress: progress)
    }

    /// The lines of a pattern and what is left of it without its background.
    struct Lines {
        let peaks: PeakSearch.Result
        let data: PawleyFit.Data

        init(
            _ pattern: PowderPattern, weights: [Double], radiation: Radiation, atLeast least: Int,
            progress: Progress
        ) throws {
            peaks = PeakSearch()(pattern, radiation: radiation)
            guard peaks.peaks.count >= least else {
                throw RecoveryError.tooFewLines(found: peaks.peaks.count)
            }
            progress("\(peaks.peaks.count) lines found, width \(String(format: "%.3f", peaks.width))°")
            data = PawleyFit.Data(
                twoTheta: pattern.twoTheta, net: zip(pattern.intensity, peaks.background).map { $0 - $1 },
                weights: weights, radiation: radiation)
        }
    }

    /// Atoms by the intensities of a cell on the positions of every start, the best refined.
    func placedAndRefined(
        _ starts: [ReducedStructure], cell: Cell, pattern: PowderPattern, weights: [Double], lines: Lines,
        progress: Progress
    ) throws -> Result {
        let intensities = try intensities(cell, lines.data)
        func placed(_ start: ReducedStructure, _ count: Int, _ progress: Progress) throws -> [Placed] {
            var structure = start
            structure.latticeParameters = cell.fit.lattice
            return try atoms(structure, intensities, starts: count, progress: progress).map {
                Placed(candidate: $0, start: start)
            }
        }
        var kept = starts
        if starts.count > occupationsKept {
            let screened = try starts.compactMap { try placed($0, screeningStarts, { _ in }).first }
            kept = screened.sorted { $0.score < $1.score }.prefix(occupationsKept).map(\.start)
            progress(
                "\(starts.count) ways to occupy positions, the best \(kept.count) by their intensities kept")
        }
        var found: [Placed] = []
        for start in kept {
            if kept.count > 1 { progress("occupied: \(start.spaceGroup.compactSymbol) \(start.occupation)") }
            found += try placed(start, atomStarts, progress)
        }
        found.sort { $0.score < $1.score }
        return try refined(
            found, cell: cell, pattern: pattern, weights: weights, peaks: lines.peaks, progress: progress)
    }

    /// A minimum of the atom search and the start that it came from.
    private struct Placed {
        let candidate: AtomSearch.Candidate
        let start: ReducedStructure

        var score: Double {
            ParameterPenalty.score(candidate.rwp, parameters: start.freeCoordinates.count)
        }
    }

    /// Normal weights of a pattern: 1/σ² where the file has σ, 1/max(y, 1) for counts.
    public static func weights(of pattern: PowderPattern, excluding: [ClosedRange<Double>] = []) -> [Double] {
        pattern.weights(excluding: excluding)
    }

    // MARK: The cell

    struct Cell {
        var fit: PawleyFit.Result
        var reflections: ReflectionList
    }

    /// Candidates from line positions, ranked by how well free intensities then fit the low angles; the best is
    /// refined on the whole range.
    func cell(_ lines: Lines, around start: Lattice, in group: SpaceGroup, progress: Progress) throws -> Cell
    {
        let (peaks, data) = (lines.peaks, lines.data)
        let wavelength = instrument.radiation.wavelength
        let search = CellSearch()
        let last = peaks.peaks[min(search.lines, peaks.peaks.count) - 1]
        var candidates: [CellCandidate] = []
        for spread in cellSpreads {
            let prior = CellPrior(around: start, spread: spread, in: group)
            guard let mean = prior.lattice(prior.mean) else { continue }
            let list = ReflectionList(
                operations: group.operations, reciprocalMetric: mean.reciprocalMetric,
                limit: last.q / 4 * (1 + 3 * spread) * 1.1)
            candidates += try search(
                peaks: peaks.peaks, prior: prior, reflections: list.indices, wavelength: wavelength
            ).prefix(cellCandidates)
        }
        guard !candidates.isEmpty else { throw RecoveryError.noCell }
        let lowAngles = data.below(last.twoTheta + 3 * peaks.width)
        var fits: [PawleyFit.Result] = []
        for candidate in candidates {
            try Task.checkCancellation()
            let lattice = LatticeParameters(of: candidate.lattice, in: group)
            let known = fits.contains { fit in
                zip(fit.lattice.values, lattice.values).allSatisfy { abs($0 - $1) < 1e-3 * $1 }
            }
            guard !known else { continue }
            let list = reflections(group, lattice.lattice, upTo: lowAngles)
            let profile = CellProfile(w: peaks.width * peaks.width, zero: candidate.zero)
            fits.append(PawleyFit()(lowAngles, reflections: list.indices, lattice: lattice, profile: profile))
        }
        guard let best = fits.min(by: { $0.rwp < $1.rwp }) else { throw RecoveryError.noCell }
        let list = reflections(group, best.lattice.lattice, upTo: data)
        let whole = PawleyFit()(data, reflections: list.indices, lattice: best.lattice, profile: best.profile)
        let values = zip(whole.lattice.names, whole.lattice.values).map {
            "\($0) \(String(format: "%.4f", $1))"
        }
        progress(
            "cell \(values.joined(separator: ", ")); free intensities leave Rwp "
                + String(format: "%.2f %% of the net pattern", 100 * whole.rwp))
        return Cell(fit: whole, reflections: list)
    }

    private func reflections(_ group: SpaceGroup, _ lattice: Lattice, upTo data: PawleyFit.Data)
        -> ReflectionList
    {
        let shortest = instrument.radiation.shortestWavelength
        let s = sin((data.twoTheta.last ?? 0) * .pi / 360) / shortest
        return ReflectionList(
            operations: group.operations, reciprocalMetric: lattice.reciprocalMetric, limit: s * s * 1.002)
    }

    // MARK: The atoms

    /// What the intensities of the refined cell must satisfy.
    private struct Intensities {
        let reflections: ReflectionList
        let profile: CompressedProfile
    }

    private func intensities(_ cell: Cell, _ data: PawleyFit.Data) throws -> Intensities {
        let metric = cell.fit.lattice.lattice.reciprocalMetric
        let columns = cell.reflections.indices.map { h in
            cell.fit.profile.column(
                q: 4 * ReflectionList.q(of: h, reciprocalMetric: metric), radiation: data.radiation,
                grid: data.twoTheta)
        }
        guard let profile = CompressedProfile(columns: columns, intensity: data.net, weights: data.weights)
        else {
            throw RecoveryError.noCell
        }
        return Intensities(reflections: cell.reflections, profile: profile)
    }

    private func atoms(
        _ structure: ReducedStructure, _ intensities: Intensities, starts: Int, progress: Progress
    ) throws -> [AtomSearch.Candidate] {
        let model = try StructureIntensities(
            structure, reflections: intensities.reflections, instrument: instrument,
            scatteringTable: scatteringTable, dispersion: dispersion)
        var search = AtomSearch()
        search.starts = starts
        search.seed = seed
        let candidates = try search(structure, model: model, profile: intensities.profile) { done, best in
            if done % 50 == 0 {
                progress("atoms: \(done) starts, Rwp \(String(format: "%.2f %%", 100 * best))")
            }
        }
        if let best = candidates.first {
            progress(
                "atoms from intensities: Rwp \(String(format: "%.2f %%", 100 * best.rwp)) of the net pattern, "
                    + "reached \(best.hits) times")
        }
        return candidates
    }

    // MARK: Everything together

    /// A structure refined against the first pattern, or against all.
    private struct Fit {
        var refined: RietveldRefinement.Result
        var joint: JointRefinement.Result?
        let start: ReducedStructure

        var structure: ReducedStructure { refined.model.phases[0].structure }
        var rwp: Double { (joint?.statistics ?? refined.statistics).rwp }
        var score: Double { ParameterPenalty.score(rwp, parameters: structure.freeCoordinates.count) }
        var contact: Double { Contacts(structure).shortestShare }
    }

    /// The reference, where it stands in this group and setting: origin, labels and order are then its own.
    private func known(in group: SpaceGroup) -> ReducedStructure? {
        guard let reference else { return nil }
        // A reference of another group or setting describes nothing here.
        return try? ReducedStructure(reducing: reference, in: group, tolerance: Self.referenceTolerance)
    }

    /// Å; a published structure's rounded coordinates are this near to its symmetry.
    private static let referenceTolerance = 0.05

    /// The best minima, and of every other way to occupy positions the best one; a minimum that was reached from two ways
    /// is one.
    private func selected(_ atoms: [Placed], best count: Int) -> [Placed] {
        var kept: [Placed] = []
        for placed in atoms {
            let isKnown = kept.contains { other in
                other.start.spaceGroup == placed.start.spaceGroup
                    && abs(other.candidate.rwp - placed.candidate.rwp) < 1e-5 * placed.candidate.rwp
            }
            guard !isKnown else { continue }
            let isNew = !kept.contains { $0.start == placed.start }
            if kept.count < count || isNew && kept.count < max(count, rivalCandidates) { kept.append(placed) }
        }
        return kept
    }

    private func refined(
        _ atoms: [Placed], cell: Cell, pattern: PowderPattern,
        weights: [Double],
        peaks: PeakSearch.Result, progress: Progress
    ) throws -> Result {
        var strategy = RefinementStrategy(instrument: instrument, backgroundTerms: backgroundTerms)
        (strategy.scatteringTable, strategy.dispersion) = (scatteringTable, dispersion)
        var joint: JointStrategy?
        if let group = atoms.first?.start.spaceGroup, !companions.isEmpty {
            joint = try JointStrategy(
                companions, beside: strategy, profile: cell.fit.profile, lattice: cell.fit.lattice, in: group,
                refinesWavelength: refinesWavelength, progress: progress)
        }
        var fits: [Fit] = []
        // What hardly scatters in the first pattern may decide in another: more is handed on to a joint fit.
        let limit = (atoms.first?.score ?? 1) * (joint == nil ? 1.25 : 1.5) + 0.005
        let count = joint == nil ? atomCandidates : 3 * atomCandidates
        for (index, placed) in selected(atoms.filter { $0.score <= limit }, best: count).enumerated() {
            try Task.checkCancellation()
            let candidate = placed.candidate
            let result = try strategy(
                candidate.structure, b: candidate.b, profile: cell.fit.profile, pattern: pattern,
                weights: weights, background: peaks.background)
            var fit = Fit(refined: result, start: placed.start)
            if let joint {
                let whole = try joint(result.model, pattern: pattern, weights: weights)
                (fit.refined, fit.joint) = (whole.parts[0], whole)
            }
            progress(
                "candidate \(index + 1): Rwp \(String(format: "%.2f %%", 100 * fit.rwp)), shortest contact "
                    + String(format: "%.2f of the covalent sum", fit.contact))
            fits.append(fit)
        }
        // A fit with overlapping atoms is no answer while another one is at hand.
        fits.sort { a, b in
            let (sane, other) = (a.contact >= Contacts.sane, b.contact >= Contacts.sane)
            return sane != other ? sane : a.score < b.score
        }
        guard let best = fits.first else { throw RecoveryError.noCell }
        // The last cycles run in the description nearest to the reference's, else the start's, so that values, names and uncertainties
        // belong together.
        var described = best
        var model = best.refined.model
        model.phases[0].structure = model.phases[0].structure.described(
            like: known(in: best.start.spaceGroup) ?? best.start)
        if let joint, let whole = best.joint {
            let models = whole.parts.map { part in
                var own = part.model
                own.phases[0].structure = model.phases[0].structure
                return own
            }
            let again = try joint.finish(models, pattern: pattern, weights: weights)
            (described.refined, described.joint) = (again.parts[0], again)
        } else {
            described.refined = try strategy.finish(
                model, pattern: pattern, weights: weights, profile: cell.fit.profile)
        }
        // A description is a matter of taste: it must not cost anything of the fit.
        let final = described.rwp > best.rwp * 1.001 ? best : described
        var warnings = joint?.warnings ?? []
        if best.contact < Contacts.sane {
            warnings.append("atoms stand closer than \(Contacts.sane) of the sum of their covalent radii")
        }
        return Result(
            structure: final.structure, start: best.start, refinement: final.refined, joint: final.joint,
            freeIntensityRwp: cell.fit.rwp,
            alternatives: fits.dropFirst().map {
                Alternative(structure: $0.structure, rwp: $0.rwp, shortestContact: $0.contact)
            }, warnings: warnings)
    }
}
