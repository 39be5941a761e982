/// A front of several minima and maxima: the same search under different weights of its goals, united.
package struct ParetoSearch: CandidateSearch {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    let weightings: Int
    /// The search under one weighting.
    let search: @Sendable (DesignEvaluator, SearchBudget) -> any CandidateSearch
    private var problem: DesignProblem { evaluator.problem }

    package init(
        evaluator: DesignEvaluator, budget: SearchBudget, weightings: Int,
        search: @escaping @Sendable (DesignEvaluator, SearchBudget) -> any CandidateSearch
    ) {
        (self.evaluator, self.budget) = (evaluator, budget)
        (self.weightings, self.search) = (weightings, search)
    }

    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        var all: [DesignCandidate] = []
        var calls = 0
        var progress: [DesignResult.Progress] = []
        var feasible = Set<SiteComposition>()
        var method = ""
        let weights = ParetoFront.weightings(goals: problem.extremes.count, count: weightings)
        for (k, weights) in weights.enumerated() {
            var part = budget
            part.calls = budget.calls * (k + 1) / weightings - calls
            guard part.calls > 0 else { break }
            let (before, beforeCount) = (calls, feasible.count)
            let result = try await search(evaluator.weighted(weights), part).run { progress in
                report(
                    .init(
                        calls: before + progress.calls, successes: progress.successes,
                        compositions: beforeCount + progress.compositions))
            }
            method = result.method
            calls += result.calls
            feasible.formUnion(result.feasible)
            all += result.candidates
            progress.append(
                .init(
                    calls: calls, successes: all.count(where: \.isSuccess), compositions: feasible.count))
        }
        return DesignResult(
            method: method, candidates: Array(ranked(all).prefix(budget.candidates)), calls: calls,
            progress: progress, feasible: feasible)
    }

    /// The front first, by its first goal; then the others by loss. The best of a composition only.
    private func ranked(_ all: [DesignCandidate]) -> [DesignCandidate] {
        var judged = all.map { candidate in
            var candidate = candidate
            candidate.loss = evaluator.loss.evaluate(candidate.values).loss
            return candidate
        }
        judged.sort { ($0.isSuccess ? 0 : 1, $0.loss) < ($1.isSuccess ? 0 : 1, $1.loss) }
        let front = evaluator.front(of: judged)
        let members = Set(front)
        let leaders = front.map { judged[$0] }.sorted {
            (evaluator.goals($0).first ?? 0) < (evaluator.goals($1).first ?? 0)
        }
        var seen = Set(leaders.map { problem.composition($0.decoration) })
        let rest = judged.indices.filter { !members.contains($0) }.map { judged[$0] }.filter {
            seen.insert(problem.composition($0.decoration)).inserted
        }
        return leaders + rest
    }
}
