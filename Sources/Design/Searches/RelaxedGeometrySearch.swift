import NumericalMethods

/// Every composition where the potential's energy is least in the template's symmetry, and what the predictors say there: cell and
/// coordinates belong to the potential, elements alone are chosen. Of the compositions that are admitted nothing is missed but what the
/// relaxation does not find.
package struct RelaxedGeometrySearch: CandidateSearch {
    let evaluator: DesignEvaluator
    let judge: StabilityJudge
    let budget: SearchBudget
    private var problem: DesignProblem { evaluator.problem }

    /// Compositions between two reports.
    private static let block = 64

    package init(evaluator: DesignEvaluator, judge: StabilityJudge, budget: SearchBudget) {
        (self.evaluator, self.judge, self.budget) = (evaluator, judge, budget)
    }

    /// - Throws: `DesignError.space` where there are too many compositions, `CancellationError`.
    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        let all = try problem.compositions().filter(problem.admits)
        var (found, misses): ([DesignCandidate], [DesignCandidate]) = ([], [])
        var progress: [DesignResult.Progress] = []
        var calls = 0
        for first in stride(from: 0, to: all.count, by: Self.block) {
            let block = Array(all[first..<min(all.count, first + Self.block)])
            for case let candidate? in try await parallelMap(block, width: budget.jobs, settled) {
                calls += candidate.evaluations * evaluator.callsPerEvaluation
                if candidate.isSuccess { found.append(candidate) } else { misses.append(candidate) }
            }
            progress.append(.init(calls: calls, successes: found.count, compositions: found.count))
            if let last = progress.last { report(last) }
        }
        found.sort { $0.loss < $1.loss }
        misses.sort { $0.loss < $1.loss }
        return DesignResult(
            method: "exhaustive at relaxed geometry",
            candidates: found.isEmpty ? Array(misses.prefix(budget.candidates)) : found,
            calls: calls, progress: progress,
            feasible: Set(found.map { problem.composition($0.decoration) }))
    }

    /// From the cell in which the ions touch; nil where the potential has no answer.
    private func settled(_ decoration: Decoration) throws -> DesignCandidate? {
        let start = problem.space.structure(
            at: problem.ionicStart(decoration), elements: decoration.elements)
        guard let relaxed = try judge.verdict(start)?.relaxation?.structure else { return nil }
        return evaluator.judge(decoration, at: problem.space.variables(of: relaxed))
    }
}
