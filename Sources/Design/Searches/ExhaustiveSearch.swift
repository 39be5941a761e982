import NumericalMethods

/// Every composition of every pattern, each solved from five starts: what succeeds is the known feasible set, a
/// lower bound of the true one.
package struct ExhaustiveSearch: CandidateSearch {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Exhaustive { problem.settings.exhaustive }

    /// Compositions between two reports.
    private static let block = 256

    package init(evaluator: DesignEvaluator, budget: SearchBudget) {
        (self.evaluator, self.budget) = (evaluator, budget)
    }

    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        let all = try problem.compositions().filter(problem.admits)
        var collected = CollectedCandidates()
        for first in stride(from: 0, to: all.count, by: Self.block) {
            let block = Array(all[first..<min(all.count, first + Self.block)].enumerated())
            let results = try await parallelMap(block, width: budget.jobs) { offset, decoration in
                solved(decoration, number: first + offset)
            }
            for case (let evaluations, let candidate?) in results {
                collected.calls += evaluations * evaluator.callsPerEvaluation
                collected.add(candidate, isSuccess: candidate.isSuccess)
            }
            collected.note(compositions: collected.found.count, report)
        }
        return collected.complete(
            DesignMethod.exhaustive.rawValue, nearest: budget.candidates,
            feasible: Set(collected.found.map { problem.composition($0.decoration) }))
    }

    /// The first success of a composition's starts, or the least loss.
    private func solved(_ decoration: Decoration, number: Int) -> (evaluations: Int, best: DesignCandidate?) {
        var random = RandomStream(seed: budget.seed, index: UInt64(number))
        var evaluations = 0
        var best: DesignCandidate?
        for attempt in 0..<settings.starts {
            let local = LocalSearch(evaluator: evaluator).run(
                decoration, from: problem.start(decoration, attempt: attempt, &random),
                limit: settings.evaluations)
            evaluations += local.evaluations
            let candidate = evaluator.judge(decoration, at: local.x, values: local.evaluation.values)
            evaluations += candidate.evaluations
            if best.map({ candidate.loss < $0.loss }) != false || candidate.isSuccess { best = candidate }
            if candidate.isSuccess { break }
        }
        return (evaluations, best)
    }
}
