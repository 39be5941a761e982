import CrystalFiles
import Crystallography
import Diffraction
import ExplainedErrors
import ExtinctionSymbols
import Foundation
import Indexing
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry

/// From a composition and a pattern to a structure with its proof: lattice, extinction symbol, formula units, positions, atoms.
///
/// Cells, numbers of formula units and symbols are tried in the order of their probability, until a structure is proven or the time
/// is up.
package struct SolutionJob: Job {
    package var measurement: Measurement
    package var formula: Formula
    /// Structure types whose ways are tried first; without them nothing is remembered.
    package var types = StructureTypes.none
    /// The cell, where it is known; else it is found.
    package var cell: CellAxes?
    /// The group, where it is known; on the axes of the cell.
    package var spaceGroup: SpaceGroup?
    /// Formula units in the conventional cell, where they are known.
    package var units: Int?
    package var indexing = Indexing()
    /// Phases of the sample beside the one that is looked for.
    package var also: [NamedRecord] = []
    /// Seconds after which it ends with what it has; shares of it for searches and proof are in the settings.
    package var timeLimit = 600.0
    package var seed: UInt64 = 1
    /// Decides between structures that the pattern hardly tells apart; nil leaves it to the pattern.
    package var energy: EnergyDecision?
    package var settings = RecoverySettings()
    /// Whether, and which, texture is looked for in what is found; without energies.
    package var orientation: OrientationQuestion?
    /// To compare with; it takes no part.
    package var reference: NamedRecord?

    package init(_ measurement: Measurement, formula: Formula) {
        (self.measurement, self.formula) = (measurement, formula)
    }

    /// A structure that was refined on the way.
    package struct Candidate: Sendable {
        package var result: PowderRecovery.Result
        package var units: Int

        package var structure: ReducedStructure { result.structure }
    }

    package struct Outcome: Sendable {
        /// The best with its verdict; nil where no structure was found at all.
        package var recovery: RecoveryOutcome?
        /// Whether every clause of the proof holds.
        package var isSolved: Bool { recovery?.isProven ?? false }
        /// Every refined structure, best first.
        package var candidates: [Candidate]
        /// The lattices; empty where the cell was given.
        package var lattices: [IndexJob.Candidate]
        /// Why there is no structure; nil where there is.
        package var trouble: String?
        package var seconds: Double
    }

    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let reading = try measurement.reading()
        for remark in measurement.wavelengthRemarks { report(.remark(remark)) }
        let known = try KnownPhases(also).contribution(to: reading, settings: settings) { report(.step($0)) }
        let expiry = begin + .seconds((settings.solution.timeShares.first ?? 1) * timeLimit)
        let lattices = cell == nil ? try await indexed(until: expiry, report) : []
        var search = Search(
            job: self, reading: reading, known: known, lattices: lattices,
            deadlines: settings.solution.timeShares.map { begin + .seconds($0 * timeLimit) },
            end: begin + .seconds(timeLimit))
        for start in try starts(lattices) where !search.isOver {
            try search.tries(start, report)
        }
        try search.concludes(report)
        try Task.checkCancellation()
        return search.outcome(seconds: begin.duration(to: clock.now) / .seconds(1))
    }

    private func indexed(until expiry: ContinuousClock.Instant, _ report: @escaping JobProgress.Sink)
        async throws -> [IndexJob.Candidate]
    {
        var job = IndexJob(.pattern(measurement))
        job.indexing = indexing
        job.indexing.isExpired = { ContinuousClock().now >= expiry }
        job.formula = formula
        (job.also, job.settings) = (also, settings)
        return try await job.run(reporting: report).candidates
    }

    // MARK: What is tried

    /// A cell with a number of formula units.
    fileprivate struct Start {
        var axes: CellAxes
        var zero: Double
        /// As indexing found it; nil where the cell was given.
        var lattice: IndexJob.Candidate?
        var units: Int
        /// That cell and units are these, up to a factor.
        var weight: Double
    }

    /// Cells and formula units, the likeliest first.
    private func starts(_ lattices: [IndexJob.Candidate]) throws -> [Start] {
        if let cell { return starts(cell, nil) }
        let all = try lattices.prefix(settings.solution.cells).flatMap { candidate in
            do {
                let axes = try CellAxes(candidate.lattice, lattice: candidate.cell.lattice)
                return starts(axes, candidate)
            } catch let error as any ExplainedError {
                throw FileProblem(file: measurement.name, error.explanation)
            }
        }
        return all.sorted { $0.weight > $1.weight }
    }

    private func starts(_ axes: CellAxes, _ lattice: IndexJob.Candidate?) -> [Start] {
        let probability = max(lattice?.probability ?? 1, 1e-6)
        func start(_ units: Int, _ weight: Double) -> Start {
            Start(
                axes: axes, zero: lattice?.zero ?? 0, lattice: lattice, units: units,
                weight: probability * weight)
        }
        if let units { return [start(units, 1)] }
        let solution = settings.solution
        let known = AtomicVolumes.volume(of: formula)
        let volume = known ?? formula.parts.reduce(0) { $0 + $1.count } * solution.usualAtom
        let most = max(1, Int((known == nil ? 6 : 2.5) * axes.cell.volume / volume))
        // Where the centring is known, each lattice point has as many.
        let points = axes.centrings.count == 1 ? axes.centrings[0].vectors.count : 1
        let weights = stride(from: points, through: max(points, most), by: points).map { units in
            let deviation = log(axes.cell.volume / (Double(units) * volume))
            let density =
                known == nil
                ? exp(-pow(deviation / solution.usualAtomSpread, 2) / 2)
                : indexing.settings.volumeDensity(deviation)
            return (units: units, weight: density)
        }
        let highest = weights.map(\.weight).max() ?? 0
        return weights.filter { $0.weight >= solution.unitsShare * highest }.map { units, weight in
            let prior = indexing.settings.unitsPrior(units / points, in: axes.family)
            return start(units, prior * weight / highest)
        }
    }

    /// Atoms of each element in the cell.
    ///
    /// - Throws: where the formula has no whole numbers of atoms.
    fileprivate func parts(_ units: Int) throws -> [CompositionAssignment.Part] {
        try formula.parts.map { part in
            let count = part.count * Double(units)
            guard let element = Element(symbol: part.symbol), abs(count - count.rounded()) < 1e-6 else {
                throw CrystalFileError(
                    file: measurement.name,
                    problem: "\(formula.text(.given)) has no whole number of \(part.symbol) in the cell",
                    remedy: "give an ordered composition; what shares a position is one element here")
            }
            return CompositionAssignment.Part(Occupant(Species(element)), count: Int(count.rounded()))
        }
    }
}

extension SolutionJob {
    /// The state of a run: what was found so far.
    private struct Search {
        let job: SolutionJob
        let reading: CompanionPattern
        let known: KnownContribution?
        /// Empty where the cell was given.
        let lattices: [IndexJob.Candidate]
        /// Of the lattice, of searches, of judgements.
        let deadlines: [ContinuousClock.Instant]
        let end: ContinuousClock.Instant
        var candidates: [Candidate] = []
        /// The structure that is proven, at the end the best one.
        var proven: RecoveryOutcome?
        var trouble: String?

        var isOver: Bool { proven != nil || ContinuousClock().now >= (deadlines.dropFirst().first ?? end) }

        private var limit: WorkLimit {
            WorkLimit(searches: deadlines.dropFirst().first, everything: deadlines.last)
        }

        private var recovery: PowderRecovery {
            var recovery = PowderRecovery(instrument: reading.instrument)
            (recovery.settings, recovery.seed) = (job.settings, job.seed)
            recovery.reference = job.reference?.record.structure
            (recovery.known, recovery.orientation) = (known, job.orientation)
            return recovery
        }

        /// The pattern without known phases.
        private func evidence() throws(RecoveryError) -> MeasuredPattern {
            try MeasuredPattern(
                reading.pattern, weights: reading.weights, instrument: reading.instrument,
                scatteringTable: recovery.scatteringTable, dispersion: recovery.dispersion,
                settings: job.settings, atLeast: 0, known: known)
        }

        /// Nothing more where the time is up meanwhile.
        mutating func tries(_ start: Start, _ report: @escaping JobProgress.Sink) throws {
            do {
                try limit.run { try triesInTime(start, report) }
            } catch is CancellationError {
                try Task.checkCancellation()
                trouble = trouble ?? Self.timeIsUp
            }
        }

        private static let timeIsUp = "the time was up; give --time-limit more seconds"

        private mutating func triesInTime(_ start: Start, _ report: @escaping JobProgress.Sink) throws {
            let cell = start.axes.cell
            let name =
                "\(start.axes.family.rawValue) cell of \(String(format: "%.1f", cell.volume)) Å³, Z = \(start.units)"
            let parts = try job.parts(start.units)
            let (batches, lattice, zero): ([[SpaceGroup]], Lattice, Double)
            do {
                (batches, lattice, zero) = try groups(start)
            } catch let error as ExtinctionError {
                trouble = error.description
                return
            }
            report(.step("\(name): \(batches.flatMap(\.self).count) groups"))
            let problem = StructureSolution.Problem(
                lattice: lattice, zero: zero, batches: batches, parts: parts)
            do {
                try StructureSolution(recovery, types: job.types).solve(
                    problem, pattern: reading.pattern, weights: reading.weights,
                    progress: { report(.step($0)) }
                ) { finding in
                    candidates.append(Candidate(result: finding.result, units: start.units))
                    if finding.isSettled {
                        let outcome = try judged(finding.result, in: start.lattice, report)
                        // No other structure would show the hydrogen.
                        if outcome.proof.objections.allSatisfy({ $0.name == "hydrogen" }) { proven = outcome }
                    }
                    try Task.checkCancellation()
                    return !isOver
                }
            } catch let error as RecoveryError {
                trouble = error.description
            }
        }

        /// The groups of the likely symbols in batches, those of high order first; cell and zero as refined beside them.
        private func groups(_ start: Start) throws -> ([[SpaceGroup]], Lattice, Double) {
            if let group = job.spaceGroup { return ([[group]], start.axes.cell, start.zero) }
            let settings = job.settings.solution
            let evidence = try evidence()
            let ranking = try ExtinctionSymbolSearch().rank(
                evidence.data, axes: start.axes, width: evidence.lines.width, zero: start.zero)
            var (batches, share): ([[SpaceGroup]], Double) = ([], 0)
            for entry in ranking.entries.prefix(settings.symbols) where share < settings.symbolShare {
                share += entry.probability
                let byOrder = Dictionary(grouping: entry.symbol.spaceGroups, by: \.order)
                batches += byOrder.sorted { $0.key > $1.key }.map(\.value)
            }
            return (batches, ranking.lattice.lattice, ranking.fit.profile.zero)
        }

        /// With the highest symmetry that the pattern allows, exchanges of elements, and the proof.
        ///
        /// - Parameter lattice: that it was found in; nil where the cell was given.
        private func judged(
            _ result: PowderRecovery.Result, in lattice: IndexJob.Candidate?,
            _ report: @escaping JobProgress.Sink
        ) throws -> RecoveryOutcome {
            let progress: PowderRecovery.Progress = { report(.step($0)) }
            var best = try recovery.textured(
                result, pattern: reading.pattern, weights: reading.weights, progress: progress)
            best = try recovery.decided(
                best, pattern: reading.pattern, weights: reading.weights,
                isGroupAsked: job.spaceGroup != nil,
                progress: progress)
            if let energy = job.energy {
                let decision = try energy.decide(
                    best, pattern: reading.pattern, weights: reading.weights, progress: progress)
                best = decision.result
                best.warnings += decision.sentences
            }
            best = try recovery.withBestElements(best, pattern: reading.pattern, weights: reading.weights)
            var outcome = try outcome(of: best)
            let doubts = SolutionDoubts(
                reading: reading, peaks: try evidence().lines.peaks, lattices: lattices,
                others: candidates.map(\.result), settings: job.settings)
            let order = try ElementOrder(recovery).clause(
                of: best, pattern: reading.pattern, weights: reading.weights)
            outcome.proof = Proof(
                outcome.proof.clauses + [order].compactMap { $0 } + doubts.clauses(outcome, in: lattice))
            return outcome
        }

        /// As it was refined, where there was no time to judge it.
        private func unjudged(_ result: PowderRecovery.Result) throws -> RecoveryOutcome {
            var outcome = try outcome(of: result)
            outcome.proof = Proof(
                outcome.proof.clauses + [
                    VerdictClause(
                        "time", .unknown,
                        "the time was up before its symmetry and exchanges of its elements were judged")
                ])
            return outcome
        }

        private func outcome(of result: PowderRecovery.Result) throws -> RecoveryOutcome {
            var best = result
            // What other cells, groups and numbers of formula units gave stands against it as well.
            best.alternatives += candidates.map(\.result.alternative)
            let composition = CrystalStructure(
                title: job.formula.text(.given), lattice: best.structure.lattice, sites: [])
            var outcome = try RecoveryOutcome(
                best, from: NamedRecord(name: job.formula.text(.given), CrystalRecord(composition)),
                [job.measurement], [reading], reference: job.reference, settings: job.settings,
                known: known)
            outcome.seed = job.seed
            outcome.warnings =
                reading.pattern.remarks.map { "\(job.measurement.name): \($0)" } + outcome.warnings
            return outcome
        }

        /// The best candidate judged, or as it stands, where nothing is proven.
        mutating func concludes(_ report: @escaping JobProgress.Sink) throws {
            guard proven == nil, let best = ranked.first else { return }
            do {
                proven = try limit.run { try judged(best.result, in: nil, report) }
            } catch is CancellationError {
                do {
                    proven = try WorkLimit(everything: end).run { try unjudged(best.result) }
                } catch is CancellationError {
                    trouble = Self.timeIsUp
                }
            }
        }

        private var ranked: [Candidate] {
            candidates.sorted { $0.result.isBetter(than: $1.result, job.settings.selection) }
        }

        func outcome(seconds: Double) -> Outcome {
            var recovery = proven
            recovery?.seconds = seconds
            return Outcome(
                recovery: recovery, candidates: ranked, lattices: lattices,
                trouble: recovery == nil
                    ? trouble
                        ?? (lattices.isEmpty && job.cell == nil
                            ? "no lattice explains the lines"
                            : "the composition fills the positions of no likely group")
                    : nil,
                seconds: seconds)
        }
    }
}
