import NumericalMethods

/// Compositions where the potential's energy is least in the template's symmetry, and what the predictors say there: cell and
/// coordinates belong to the potential, elements alone are chosen.
///
/// Every composition that is admitted where there are no more than `DesignSettings.Relaxed.mostCompositions`: nothing is missed then but what
/// the relaxation does not find. Beyond, the predictors lead (`RelaxedCompositionSearch`, of many orbits `RelaxedSwapDescent`).
package struct RelaxedGeometrySearch: CandidateSearch {
    let evaluator: DesignEvaluator
    let judge: StabilityJudge
    let budget: SearchBudget
    /// The unit cell of a supercell, with the same targets.
    let unit: DesignEvaluator?
    private var problem: DesignProblem { evaluator.problem }

    /// Compositions between two reports.
    private static let block = 64

    package init(
        evaluator: DesignEvaluator, judge: StabilityJudge, budget: SearchBudget, unit: DesignEvaluator? = nil
    ) {
        (self.evaluator, self.judge, self.budget, self.unit) = (evaluator, judge, budget, unit)
    }

    /// - Throws: `CancellationError`, what the potential cannot answer.
    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        if problem.space.orbitCount > problem.settings.budget.mostRankedOrbits {
            let (hosts, calls) = try await hosts()
            return try await RelaxedSwapDescent(
                evaluator: evaluator, judge: judge, budget: budget, hosts: hosts, callsBefore: calls
            ).run(report)
        }
        if let all = problem.admittedCompositions(atMost: problem.settings.relaxed.mostCompositions) {
            return try await every(all, report)
        }
        return try await RelaxedCompositionSearch(evaluator: evaluator, judge: judge, budget: budget)
            .run(report)
    }

    /// What the unit cell's search finds, as copies in the supercell.
    private func hosts() async throws -> (found: [DesignCandidate], calls: Int) {
        guard let unit else { return ([], 0) }
        var result = try await RelaxedGeometrySearch(evaluator: unit, judge: judge, budget: budget).run { _ in
        }
        result.candidates = result.candidates.filter(\.isSuccess)
        let tiled = TiledDesign.tile(result, from: unit.problem, into: evaluator)
        return (tiled.candidates, tiled.calls)
    }

    private func every(_ all: [Decoration], _ report: @escaping DesignReporting) async throws -> DesignResult
    {
        var settled = CollectedCandidates()
        let settling = RelaxedSettling(evaluator: evaluator, judge: judge)
        for first in stride(from: 0, to: all.count, by: Self.block) {
            let block = Array(all[first..<min(all.count, first + Self.block)])
            let candidates = try await parallelMap(block, width: budget.jobs) {
                try settling.settle($0, from: problem.ionicStart($0))
            }
            for case let candidate? in candidates {
                settled.calls += candidate.evaluations * evaluator.callsPerEvaluation
                settled.add(candidate, isSuccess: candidate.isSuccess)
            }
            settled.note(compositions: settled.found.count, report)
        }
        return settled.complete(
            "exhaustive at relaxed geometry", nearest: budget.candidates,
            feasible: Set(settled.found.map { problem.composition($0.decoration) }))
    }
}
