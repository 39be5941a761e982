import CrystalFiles
import Crystallography
import Diffraction
import ExplainedErrors
import ExtinctionSymbols
import Foundation
import Indexing
import Matching
import NumericalMethods
import Parameterization
import Recovery
import Refinement
import Symmetry

extension SolutionJob {
    /// The state of a run: what was found so far.
    struct Search {
        let job: SolutionJob
        let reading: CompanionPattern
        let known: KnownContribution?
        /// Empty where the cell was given.
        let lattices: [IndexJob.Candidate]
        /// Of the lattice, of searches, of judgements.
        let deadlines: [ContinuousClock.Instant]
        let end: ContinuousClock.Instant
        var candidates: [Candidate] = []
        /// What was judged.
        var outcomes: [RecoveryOutcome] = []
        /// The structure that is proven, at the end the best one.
        var proven: RecoveryOutcome?
        var trouble: String?
        /// Found by simple ways in cells that are not the likeliest, and not judged yet.
        private var waiting: [(candidate: Candidate, lattice: IndexJob.Candidate?)] = []
        /// Of each start, by its place in the list.
        private var likelyGroups: [Int: LikelyGroups] = [:]
        private var prepared: [Int: StructureSolution.Prepared] = [:]

        init(
            job: SolutionJob, reading: CompanionPattern, known: KnownContribution?,
            lattices: [IndexJob.Candidate], deadlines: [ContinuousClock.Instant], end: ContinuousClock.Instant
        ) {
            (self.job, self.reading, self.known, self.lattices) = (job, reading, known, lattices)
            (self.deadlines, self.end) = (deadlines, end)
        }

        var isOver: Bool { proven != nil || ContinuousClock().now >= (deadlines.dropFirst().first ?? end) }

        var limit: WorkLimit {
            WorkLimit(searches: deadlines.dropFirst().first, everything: deadlines.last)
        }

        /// - Parameter share: of the time until an instant that searches may take; nil where there is no limit.
        private func limit(share: Double, until instant: ContinuousClock.Instant?) -> WorkLimit {
            let now = ContinuousClock().now
            let searches = instant.map { now.advanced(by: now.duration(to: $0) * share) }
            return WorkLimit(searches: searches, everything: deadlines.last)
        }

        var recovery: PowderRecovery {
            var recovery = PowderRecovery(instrument: reading.instrument)
            (recovery.settings, recovery.seed) = (job.settings, job.seed)
            recovery.reference = job.reference?.record.structure
            (recovery.known, recovery.orientation) = (known, job.orientation)
            return recovery
        }

        /// The pattern without known phases.
        func evidence() throws(RecoveryError) -> MeasuredPattern {
            try MeasuredPattern(
                reading.pattern, weights: reading.weights, instrument: reading.instrument,
                scatteringTable: recovery.scatteringTable, dispersion: recovery.dispersion,
                settings: job.settings, atLeast: 0, known: known)
        }

        /// Simple ways and whole groups of all starts, the likeliest for the time they take first, and again with more starts as long as
        /// nothing explains the pattern.
        mutating func tries(_ starts: [Start], _ report: @escaping JobProgress.Sink) throws {
            let settings = job.settings.solution
            let simple = Set(
                starts.indices.filter {
                    // In a triclinic cell few coordinates are free where all atoms stand at centres: no more than a way among others.
                    !starts[$0].isLowered && starts[$0].unitsShare >= settings.usualUnits
                        && (starts[$0].axes.family != .triclinic || !job.types.isEmpty)
                })
            let highest = starts.map(\.weight).max() ?? 0
            var schedule = SolutionSchedule(starts.map(\.weight), simple: simple, settings)
            while !isOver, let (item, share) = schedule.next(isDeeper: !isExplained) {
                let start = starts[item.start]
                let isLikely = start.weight >= settings.judgedAtOnce * highest
                // What simple ways found elsewhere is judged before long searches, but for the likeliest cell's first.
                if item.work != .simple, !isLikely || item.work.pass > 0 { try judgeWaiting(report) }
                try inTime(limit(share: share, until: deadlines.dropFirst().first)) { search in
                    guard let groups = try search.groups(start, item.start) else { return }
                    let fillings = search.job.fillings(start.units)
                    switch item.work {
                    case .simple:
                        search.announce(start, groups, report)
                        for parts in fillings where !search.isOver && !WorkLimit.isSearchOver {
                            try search.solve(
                                start, item.start, parts, .simple, judgedAtOnce: isLikely, report)
                        }
                    case .cell:
                        if !simple.contains(item.start) { search.announce(start, groups, report) }
                        schedule.add(groups.shares, fillings: fillings.count, of: item)
                    case .whole(let batch, let filling, let pass):
                        try search.solve(
                            start, item.start, fillings[filling], .whole(batch: batch, pass: pass),
                            judgedAtOnce: true, report)
                    }
                }
            }
            try judgeWaiting(report)
            if candidates.isEmpty, isOver { trouble = trouble ?? Self.timeIsUp }
        }

        /// Whether something that was judged explains the pattern, and was met often enough: more starts would find no better.
        private var isExplained: Bool {
            outcomes.contains { outcome in
                ["fit", "search"].allSatisfy { name in
                    outcome.proof.clauses.contains { $0.name == name && $0.outcome == .holds }
                }
            }
        }

        private func announce(_ start: Start, _ groups: LikelyGroups, _ report: JobProgress.Sink) {
            let name =
                "\(start.axes.family.rawValue) cell of \(String(format: "%.1f", start.axes.cell.volume)) Å³"
            report(.step("\(name), Z = \(start.units): \(groups.batches.flatMap(\.self).count) groups"))
        }

        /// The best that were found in cells which are not the likeliest.
        private mutating func judgeWaiting(_ report: @escaping JobProgress.Sink) throws {
            let settings = job.settings
            let best = waiting.sorted {
                $0.candidate.result.isBetter(than: $1.candidate.result, settings.selection)
            }
            waiting = []
            for (candidate, lattice) in best.prefix(settings.solution.judgedOfRound) where !isOver {
                try inTime(limit(share: 1, until: deadlines.dropFirst().first)) { search in
                    try search.judge(candidate, in: lattice, report)
                }
            }
        }

        /// Nothing more where the time is up meanwhile.
        private mutating func inTime(_ limit: WorkLimit, _ work: (inout Search) throws -> Void) throws {
            do {
                try limit.run { try work(&self) }
            } catch is CancellationError {
                try Task.checkCancellation()
                trouble = trouble ?? Self.timeIsUp
            }
        }

        static let timeIsUp = "the time was up; give --time-limit more seconds"

        private mutating func solve(
            _ start: Start, _ place: Int, _ parts: [CompositionAssignment.Part],
            _ depth: StructureSolution.Depth, judgedAtOnce: Bool, _ report: @escaping JobProgress.Sink
        ) throws {
            guard let groups = try groups(start, place) else { return }
            let problem = StructureSolution.Problem(
                lattice: groups.lattice, zero: groups.zero, batches: groups.batches, parts: parts)
            let solution = StructureSolution(recovery, types: job.types)
            do {
                let known =
                    try prepared[place]
                    ?? solution.prepared(
                        problem, pattern: reading.pattern, weights: reading.weights)
                guard let known else { return }
                prepared[place] = known
                try solution.solve(problem, depth, known, progress: { report(.step($0)) }) { finding in
                    let candidate = Candidate(result: finding.result, units: start.units)
                    candidates.append(candidate)
                    if finding.isSettled {
                        if judgedAtOnce {
                            try judge(candidate, in: start.lattice, report)
                        } else {
                            waiting.append((candidate, start.lattice))
                        }
                    }
                    try Task.checkCancellation()
                    return !isOver
                }
            } catch let error as RecoveryError {
                trouble = error.description
            } catch let error as LeastSquaresError {
                trouble = error.description
            }
        }

        /// The candidate, and what it is in a subgroup that fits decisively better: a way of few coordinates leads to one of more.
        private mutating func judge(
            _ candidate: Candidate, in lattice: IndexJob.Candidate?, _ report: @escaping JobProgress.Sink
        ) throws {
            var next: Candidate? = candidate
            for _ in 0...job.settings.solution.lowerings {
                guard let current = next, !isOver, let outcome = try judgeAlone(current, in: lattice, report),
                    proven == nil
                else { return }
                next = try lowered(outcome.result, from: current, report)
            }
        }

        private func lowered(
            _ result: PowderRecovery.Result, from candidate: Candidate, _ report: JobProgress.Sink
        ) throws -> Candidate? {
            let lower: PowderRecovery.Result?
            do {
                lower = try recovery.lowered(result, pattern: reading.pattern, weights: reading.weights)
            } catch is LeastSquaresError {
                return nil
            }
            let limit = (1 - job.settings.solution.simplerShare) * result.statistics.rwp
            guard let lower, lower.statistics.rwp < limit else { return nil }
            report(
                .step(
                    String(
                        format: "%@, a subgroup: Rwp %.2f %%",
                        lower.structure.spaceGroup.compactSymbol, 100 * lower.statistics.rwp)))
            return Candidate(result: lower, units: candidate.units(in: lower))
        }

        /// Nil where it was judged before, or cannot be.
        private mutating func judgeAlone(
            _ candidate: Candidate, in lattice: IndexJob.Candidate?, _ report: @escaping JobProgress.Sink
        ) throws -> RecoveryOutcome? {
            guard try !isJudged(candidate.result) else { return nil }
            var outcome: RecoveryOutcome
            do {
                outcome = try judged(candidate.result, in: lattice, report)
            } catch let error as LeastSquaresError {
                // One structure's numbers, in a pattern that is nearly noise, end no search.
                trouble = error.description
                return nil
            }
            // No other structure would show the hydrogen, or an order of what scatters alike.
            let open = ["hydrogen", "order", "shares"]
            var isLast = outcome.proof.objections.allSatisfy { open.contains($0.name) }
            if isLast, let clause = try composition(of: outcome.result) {
                outcome.proof = Proof(outcome.proof.clauses + [clause])
                isLast = false
            }
            keep(outcome, from: candidate)
            if isLast { proven = outcome }
            return outcome
        }

        /// Where the pattern asks for other amounts of the elements than the formula gives.
        private func composition(of result: PowderRecovery.Result) throws -> VerdictClause? {
            let amounts = ElementAmounts(
                settings: job.settings.amounts, bounds: job.settings.refinement.bounds)
            do {
                return try amounts(result, pattern: reading.pattern, weights: reading.weights).flatMap(
                    amounts.clause)
            } catch let error as LeastSquaresError {
                return VerdictClause(
                    "composition", .unknown, "other amounts of the elements could not be tried: \(error)")
            }
        }

        /// The highest symmetry that the pattern allows, texture and exchanges have bettered what was found.
        private mutating func keep(_ outcome: RecoveryOutcome, from found: Candidate) {
            outcomes.append(outcome)
            let better = outcome.result
            let isKnown = candidates.contains {
                $0.structure.spaceGroup == better.structure.spaceGroup
                    && $0.result.statistics.rwp == better.statistics.rwp
            }
            guard !isKnown else { return }
            candidates.append(Candidate(result: better, units: found.units(in: better)))
        }

        /// Whether the same atoms were judged already and fitted as well.
        private func isJudged(_ result: PowderRecovery.Result) throws -> Bool {
            let own = MatchCandidate(result.structure.expanded())
            return try outcomes.contains { outcome in
                guard !result.isBetter(than: outcome.result, job.settings.selection) else { return false }
                return try StructureMatch.isMatch(
                    own, MatchCandidate(outcome.result.structure.expanded()), tolerances: .strict,
                    check: { try WorkLimit.check() })
            }
        }

        /// The groups of the likely symbols; nil where the pattern is none of the cell's.
        private mutating func groups(_ start: Start, _ place: Int) throws -> LikelyGroups? {
            if let known = likelyGroups[place] { return known }
            if let group = job.spaceGroup {
                return LikelyGroups(group, lattice: start.axes.cell, zero: start.zero)
            }
            if start.axes.family == .triclinic {
                return try LikelyGroups(
                    triclinic: start.axes.cell, zero: start.zero, job.settings.solution)
            }
            let evidence = try evidence()
            do {
                let ranking = try ExtinctionSymbolSearch().rank(
                    evidence.data, axes: start.axes, width: evidence.lines.width, zero: start.zero)
                let groups = LikelyGroups(ranking, job.settings.solution)
                likelyGroups[place] = groups
                return groups
            } catch let error as ExtinctionError {
                trouble = error.description
                return nil
            }
        }
    }
}
