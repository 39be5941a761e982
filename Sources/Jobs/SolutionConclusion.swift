import NumericalMethods
import Recovery
import Refinement

/// What a run ends with where nothing was proven on the way.
extension SolutionJob.Search {
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

    /// Of what explains the pattern the structure that the fewest clauses speak against; elements are mixed where the formula does not
    /// say so only where no order of them fits about as well.
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

    private mutating func judgeInTime(_ best: SolutionJob.Candidate, _ report: @escaping JobProgress.Sink)
        throws
    {
        do {
            outcomes.append(try limit.run { try judged(best.result, in: nil, report) })
        } catch is CancellationError {
            try Task.checkCancellation()
            try keepUnjudged(
                best, "time",
                because: "the time was up before its symmetry and exchanges of its elements were judged")
        } catch let error as LeastSquaresError {
            try keepUnjudged(
                best, "judgement",
                because: "its symmetry and exchanges of its elements could not be judged: \(error)")
        }
    }

    private mutating func keepUnjudged(
        _ best: SolutionJob.Candidate, _ clause: String, because reason: String
    ) throws {
        // What was judged says more.
        guard outcomes.isEmpty else { return }
        do {
            outcomes.append(
                try WorkLimit(everything: end).run { try unjudged(best.result, clause, because: reason) })
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
            ["order", "time", "judgement", "shares", "composition"].contains($0.name)
        }
        outcome.proof = Proof(outcome.proof.clauses + kept + doubts.clauses(outcome, in: nil))
        return outcome
    }

    private var ranked: [SolutionJob.Candidate] {
        candidates.sorted { $0.result.isBetter(than: $1.result, job.settings.selection) }
    }

    func outcome(seconds: Double) -> SolutionJob.Outcome {
        var recovery = proven
        recovery?.seconds = seconds
        return SolutionJob.Outcome(
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
