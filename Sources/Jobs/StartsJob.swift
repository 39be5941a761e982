import Crystallography
import ExplainedErrors
import Matching
import Recovery
import Refinement
import Symmetry

/// A recovery from each of several starts: a generator's candidates, entries of a database, structures of isotypic compounds.
/// The best proven one is the outcome, else the best; every start is tabled.
package struct StartsJob: Job {
    /// What is done with each start; its own start is the first.
    package var recovery: RecoveryJob
    /// After the first.
    package var others: [NamedRecord]
    /// Seconds after which it ends with what it has, shared among the starts; nil for no limit.
    package var timeLimit: Double?

    package init(_ recovery: RecoveryJob, others: [NamedRecord]) {
        (self.recovery, self.others) = (recovery, others)
    }

    /// No start led to a structure in time.
    package struct TimeIsUp: ExplainedError, Hashable {
        package var explanation: Explanation {
            Explanation(
                "the time was up before a structure was found",
                remedy: "give --time-limit more seconds, or check wavelength and cell")
        }
    }

    /// - Throws: the first start's error where no start leads anywhere; `TimeIsUp`; `CancellationError`.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> RecoveryOutcome {
        guard !others.isEmpty || timeLimit != nil else { return try recovery.run(reporting: report) }
        let clock = ContinuousClock()
        let begin = clock.now
        let starts = [recovery.start] + others
        var outcomes: [RecoveryOutcome] = []
        var rows: [RecoveryOutcome.TriedStart] = []
        var trouble: (any Error)?
        for (index, start) in starts.enumerated() {
            if starts.count > 1 {
                report(
                    .step(
                        "start \(index + 1) of \(starts.count): \(start.name)", done: index, of: starts.count)
                )
            }
            var job = recovery
            job.start = start
            let limit = limit(of: index, of: starts.count, from: begin)
            do {
                let outcome = try limit.run { [job] in try job.run(reporting: report) }
                outcomes.append(outcome)
                rows.append(.init(outcome))
            } catch let error as any ExplainedError {
                trouble = trouble ?? error
                rows.append(.init(name: start.name, trouble: error.explanation.problem))
            } catch is CancellationError {
                try Task.checkCancellation()
                let error = TimeIsUp()
                trouble = trouble ?? error
                rows.append(.init(name: start.name, trouble: error.explanation.problem))
            }
        }
        guard var best = Self.best(outcomes, recovery.settings.selection) else {
            if let trouble { throw trouble }
            throw CancellationError()
        }
        if let doubt = try Self.contradiction(of: best, outcomes) {
            best.proof = Proof(best.proof.clauses + [doubt])
        }
        try Task.checkCancellation()
        best.starts = starts.count > 1 ? rows : []
        best.seconds = begin.duration(to: clock.now) / .seconds(1)
        return best
    }

    /// Each start's share ends where that of the next begins.
    private func limit(of index: Int, of count: Int, from begin: ContinuousClock.Instant) -> WorkLimit {
        guard let timeLimit else { return WorkLimit() }
        let share = timeLimit / Double(count)
        let start = begin + .seconds(share * Double(index))
        return WorkLimit(
            searches: start + .seconds(recovery.settings.solution.searchShare * share),
            everything: start + .seconds(share))
    }

    private static func best(_ outcomes: [RecoveryOutcome], _ selection: RecoverySettings.Selection)
        -> RecoveryOutcome?
    {
        outcomes.dropFirst().reduce(outcomes.first) { best, other in
            guard let best else { return other }
            if best.isProven != other.isProven { return best.isProven ? best : other }
            return other.result.isBetter(than: best.result, selection) ? other : best
        }
    }

    /// Where another start's result is proven too and is another structure: a proof that allows two answers proves neither.
    ///
    /// It is asked after the time is up too, since no answer would be a proof; only a cancelled task ends it.
    private static func contradiction(of best: RecoveryOutcome, _ outcomes: [RecoveryOutcome]) throws
        -> VerdictClause?
    {
        guard best.isProven else { return nil }
        let own = MatchCandidate(best.structure.expanded())
        let other = try outcomes.first { outcome in
            guard outcome.isProven, outcome.start != best.start else { return false }
            return try !StructureMatch.isMatch(
                own, MatchCandidate(outcome.structure.expanded()), tolerances: .strict,
                check: { try Task.checkCancellation() })
        }
        return other.map { other in
            VerdictClause(
                "starts", .unknown,
                "from \(other.start) another structure is proven too (\(other.structure.spaceGroup.symbol))")
        }
    }
}
