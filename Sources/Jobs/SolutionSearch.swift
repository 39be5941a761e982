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

        /// Groups in batches, those of high order first; cell and zero as refined beside them.
        private struct LikelyGroups {
            var batches: [[SpaceGroup]]
            /// Probability of each batch's symbol, less for its groups of lower order.
            var shares: [Double]
            var lattice: Lattice
            var zero: Double
        }

        var isOver: Bool { proven != nil || ContinuousClock().now >= (deadlines.dropFirst().first ?? end) }

        private var limit: WorkLimit {
            WorkLimit(searches: deadlines.dropFirst().first, everything: deadlines.last)
        }

        /// - Parameter share: of the time until an instant that searches may take; nil where there is no limit.
        private func limit(share: Double, until instant: ContinuousClock.Instant?) -> WorkLimit {
            let now = ContinuousClock().now
            let searches = instant.map { now.advanced(by: now.duration(to: $0) * share) }
            return WorkLimit(searches: searches, everything: deadlines.last)
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

        /// Simple ways and whole groups of all starts, the likeliest for the time they take first, and again with more starts as long as
        /// nothing explains the pattern.
        mutating func tries(_ starts: [Start], _ report: @escaping JobProgress.Sink) throws {
            let settings = job.settings.solution
            let simple = starts.indices.filter { starts[$0].unitsShare >= settings.usualUnits }
            let highest = starts.map(\.weight).max() ?? 0
            var schedule = SolutionSchedule(starts.map(\.weight), simple: Set(simple), settings)
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
                        schedule.add(groups.shares, fillings: fillings.count, of: item)
                    case .whole(let batch, let filling, let pass):
                        try search.solve(
                            start, item.start, fillings[filling], .whole(batch: batch, pass: pass),
                            judgedAtOnce: true, report)
                    }
                }
            }
            try judgeWaiting(report)
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

        private static let timeIsUp = "the time was up; give --time-limit more seconds"

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

        private mutating func judge(
            _ candidate: Candidate, in lattice: IndexJob.Candidate?, _ report: @escaping JobProgress.Sink
        ) throws {
            guard try !isJudged(candidate.result) else { return }
            var outcome: RecoveryOutcome
            do {
                outcome = try judged(candidate.result, in: lattice, report)
            } catch let error as LeastSquaresError {
                // One structure's numbers, in a pattern that is nearly noise, end no search.
                trouble = error.description
                return
            }
            // No other structure would show the hydrogen, or an order of what scatters alike.
            let open = ["hydrogen", "order", "shares"]
            var isLast = outcome.proof.objections.allSatisfy { open.contains($0.name) }
            if isLast, let clause = try composition(of: outcome.result) {
                outcome.proof = Proof(outcome.proof.clauses + [clause])
                isLast = false
            }
            keep(outcome, from: candidate.result, units: candidate.units)
            if isLast { proven = outcome }
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
        private mutating func keep(_ outcome: RecoveryOutcome, from found: PowderRecovery.Result, units: Int)
        {
            outcomes.append(outcome)
            let better = outcome.result
            let cells = better.structure.lattice.volume / found.structure.lattice.volume
            let isKnown = candidates.contains {
                $0.structure.spaceGroup == better.structure.spaceGroup
                    && $0.result.statistics.rwp == better.statistics.rwp
            }
            guard !isKnown else { return }
            candidates.append(
                Candidate(result: better, units: max(1, Int((cells * Double(units)).rounded()))))
        }

        /// Whether the same atoms were judged already and fitted as well.
        private func isJudged(_ result: PowderRecovery.Result) throws -> Bool {
            let own = MatchCandidate(result.structure.expanded())
            return try outcomes.contains { outcome in
                guard !result.isBetter(than: outcome.result, job.settings.selection) else { return false }
                let match = try StructureMatch.find(
                    own, MatchCandidate(outcome.result.structure.expanded()), tolerances: .strict,
                    check: { try WorkLimit.check() })
                return match?.isMatch ?? false
            }
        }

        /// The groups of the likely symbols; nil where the pattern is none of the cell's.
        private mutating func groups(_ start: Start, _ place: Int) throws -> LikelyGroups? {
            if let known = likelyGroups[place] { return known }
            if let group = job.spaceGroup {
                return LikelyGroups(
                    batches: [[group]], shares: [1], lattice: start.axes.cell, zero: start.zero)
            }
            let settings = job.settings.solution
            let evidence = try evidence()
            let ranking: ExtinctionRanking
            do {
                ranking = try ExtinctionSymbolSearch().rank(
                    evidence.data, axes: start.axes, width: evidence.lines.width, zero: start.zero)
            } catch let error as ExtinctionError {
                trouble = error.description
                return nil
            }
            var (batches, shares, share): ([[SpaceGroup]], [Double], Double) = ([], [], 0)
            for entry in ranking.entries.prefix(settings.symbols) where share < settings.symbolShare {
                share += entry.probability
                let byOrder = Dictionary(grouping: entry.symbol.spaceGroups, by: \.order)
                for (k, groups) in byOrder.sorted(by: { $0.key > $1.key }).enumerated() {
                    batches.append(groups.value)
                    shares.append(pow(entry.probability, settings.odds) * pow(settings.nextBatch, Double(k)))
                }
            }
            let groups = LikelyGroups(
                batches: batches, shares: shares, lattice: ranking.lattice.lattice,
                zero: ranking.fit.profile.zero)
            likelyGroups[place] = groups
            return groups
        }

        /// With the highest symmetry that the pattern allows, exchanges of elements, and the proof.
        ///
        /// - Parameter lattice: that it was found in; nil where the cell was given.
        private func judged(
            _ result: PowderRecovery.Result, in lattice: IndexJob.Candidate?,
            _ report: @escaping JobProgress.Sink
        ) throws -> RecoveryOutcome {
            let progress: PowderRecovery.Progress = { report(.step($0)) }
            let (pattern, weights) = (reading.pattern, reading.weights)
            func decided(_ result: PowderRecovery.Result) throws -> PowderRecovery.Result {
                try recovery.decided(
                    result, pattern: pattern, weights: weights, isGroupAsked: job.spaceGroup != nil,
                    progress: progress)
            }
            var best = try decided(result)
            if let energy = job.energy {
                let decision = try energy.decide(
                    best, pattern: reading.pattern, weights: reading.weights, progress: progress)
                best = decision.result
                best.warnings += decision.sentences
            }
            let exchanged = try recovery.withBestElements(best, pattern: pattern, weights: weights)
            let textured = try recovery.textured(
                exchanged, pattern: pattern, weights: weights, progress: progress)
            let hasTexture = textured.orientation?.isTaken ?? false
            // With other elements on its places, or with texture, another group may be the highest.
            best =
                hasTexture || exchanged.statistics.rwp != best.statistics.rwp
                ? try decided(textured) : textured
            if mixture(in: best) != nil,
                let ordered = try recovery.ordered(
                    best, pattern: pattern, weights: weights, progress: progress)
            {
                best = ordered
            }
            let order = try ElementOrder(recovery).doubt(of: best, pattern: pattern, weights: weights)
            if let order, order.mixture.statistics.rwp <= best.statistics.rwp,
                !recovery.showsOrderByBonds(best)
            {
                // With fewer parameters it fits no worse: the order is nothing that the pattern says.
                var mixture = order.mixture
                mixture.alternatives += [best.alternative] + best.alternatives
                mixture.confirmation = best.confirmation
                best = try decided(mixture)
            }
            var outcome = try outcome(of: best)
            let doubts = SolutionDoubts(
                reading: reading, peaks: try evidence().lines.peaks, lattices: lattices,
                others: candidates.map(\.result), settings: job.settings)
            outcome.proof = Proof(
                outcome.proof.clauses + [order?.clause ?? mixture(in: best), shares].compactMap { $0 }
                    + doubts.clauses(outcome, in: lattice))
            return outcome
        }

        /// That elements which the formula does not say to share do: the pattern shows no order of them, and no disorder.
        private func mixture(in result: PowderRecovery.Result) -> VerdictClause? {
            guard SharedPositions(job.formula, job.settings.solution) == nil,
                let mixed = result.structure.orbits.first(where: { $0.occupants.count > 1 })
            else { return nil }
            let names = mixed.occupants.map(\.species.element.symbol).joined(separator: " and ")
            return VerdictClause(
                "order", .unknown,
                "\(names) scatter alike and are mixed on their places: the pattern does not show their order")
        }

        /// In which parts elements share is the formula's word: a scale and displacements take up what other parts would scatter.
        private var shares: VerdictClause? {
            guard job.assumesShares || SharedPositions(job.formula, job.settings.solution) != nil else {
                return nil
            }
            let sentence =
                job.assumesShares
                ? "the formula gives no numbers for elements that share: equal parts are assumed"
                : "in which parts positions are shared or empty is the formula's word and not asked of the pattern"
            return VerdictClause("shares", .unknown, sentence)
        }

        /// As it was refined, where it could not be judged.
        private func unjudged(_ result: PowderRecovery.Result, because reason: String) throws
            -> RecoveryOutcome
        {
            var outcome = try outcome(of: result)
            outcome.proof = Proof(outcome.proof.clauses + [VerdictClause("time", .unknown, reason)])
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

        /// Of what was judged the one that least speaks against, or the best candidate as it stands, where nothing is proven.
        mutating func concludes(_ report: @escaping JobProgress.Sink) throws {
            guard proven == nil, let best = ranked.first else { return }
            let isBest = outcomes.allSatisfy { best.result.isBetter(than: $0.result, job.settings.selection) }
            if isBest { try judgeInTime(best, report) }
            guard let chosen else { return }
            proven = chosen
            do {
                proven = try limit.run { try heldAgainstAll(chosen) }
            } catch is CancellationError {
                try Task.checkCancellation()
            }
        }

        /// Of what explains the pattern the structure that the fewest clauses speak against; elements are mixed where the formula does not say so only where no order of them fits
        /// about as well.
        private var chosen: RecoveryOutcome? {
            let least = outcomes.map(\.result.statistics.rwp).min() ?? 0
            let near = outcomes.filter {
                $0.result.statistics.rwp <= job.settings.solution.chosenFactor * least
            }
            let ordered = near.filter { mixture(in: $0.result) == nil }
            let needed = 1 + job.settings.solution.simplerShare
            let admitted = near.filter { outcome in
                mixture(in: outcome.result) == nil
                    || ordered.allSatisfy {
                        $0.result.statistics.rwp > needed * outcome.result.statistics.rwp
                    }
            }
            return admitted.min { a, b in
                let (own, other) = (a.proof.objections.count, b.proof.objections.count)
                return own == other
                    ? a.result.isBetter(than: b.result, job.settings.selection) : own < other
            }
        }

        private mutating func judgeInTime(_ best: Candidate, _ report: @escaping JobProgress.Sink) throws {
            do {
                outcomes.append(try limit.run { try judged(best.result, in: nil, report) })
            } catch is CancellationError {
                try Task.checkCancellation()
                try keepUnjudged(
                    best,
                    because: "the time was up before its symmetry and exchanges of its elements were judged")
            } catch let error as LeastSquaresError {
                try keepUnjudged(
                    best, because: "its symmetry and exchanges of its elements could not be judged: \(error)")
            }
        }

        private mutating func keepUnjudged(_ best: Candidate, because reason: String) throws {
            // What was judged says more.
            guard outcomes.isEmpty else { return }
            do {
                outcomes.append(
                    try WorkLimit(everything: end).run { try unjudged(best.result, because: reason) })
            } catch is CancellationError {
                trouble = Self.timeIsUp
            } catch let error as LeastSquaresError {
                trouble = error.description
            }
        }

        /// With what was found after it was judged.
        private func heldAgainstAll(_ judged: RecoveryOutcome) throws -> RecoveryOutcome {
            let doubts = SolutionDoubts(
                reading: reading, peaks: try evidence().lines.peaks, lattices: lattices,
                others: candidates.map(\.result), settings: job.settings)
            var outcome = try outcome(of: judged.result)
            let kept = judged.proof.clauses.filter {
                ["order", "time", "shares", "composition"].contains($0.name)
            }
            outcome.proof = Proof(outcome.proof.clauses + kept + doubts.clauses(outcome, in: nil))
            return outcome
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
