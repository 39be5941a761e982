/// A front of several minima and maxima: the same search under different weights of its goals, united.
struct ParetoSearch {
    let search: DesignSearch
    let weightings: Int

    func run(_ report: @escaping @Sendable (DesignResult.Progress) -> Void) async throws -> DesignResult {
        let goals = search.problem.extremes
        var all: [DesignCandidate] = []
        var calls = 0
        var progress: [DesignResult.Progress] = []
        var feasible = Set<[Int]>()
        var method = search.method.rawValue
        for (k, weights) in ParetoFront.weightings(goals: goals.count, count: weightings).enumerated() {
            var part = search
            part.front = nil
            part.problem = search.problem.weighted(goals, weights)
            part.budget = search.allowedCalls * (k + 1) / weightings - calls
            guard part.allowedCalls > 0 else { break }
            let (before, beforeCount) = (calls, feasible.count)
            let result = try await part.run { progress in
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
                    calls: calls, successes: all.filter(\.isSuccess).count, compositions: feasible.count))
        }
        return DesignResult(
            method: method, candidates: Array(ranked(all).prefix(search.candidates)), calls: calls,
            progress: progress, feasible: feasible)
    }

    /// The front first, by its first goal; then the others by loss. The best of a composition only.
    private func ranked(_ all: [DesignCandidate]) -> [DesignCandidate] {
        let problem = search.problem
        var judged = all.map { candidate in
            var candidate = candidate
            candidate.loss = problem.loss(candidate.values).loss
            return candidate
        }
        judged.sort { ($0.isSuccess ? 0 : 1, $0.loss) < ($1.isSuccess ? 0 : 1, $1.loss) }
        let front = problem.front(of: judged)
        let members = Set(front)
        let leaders = front.map { judged[$0] }.sorted {
            (problem.goals($0).first ?? 0) < (problem.goals($1).first ?? 0)
        }
        var seen = Set(leaders.map { problem.compositionKey($0.decoration) })
        let rest = judged.indices.filter { !members.contains($0) }.map { judged[$0] }.filter {
            seen.insert(problem.compositionKey($0.decoration)).inserted
        }
        return leaders + rest
    }
}

extension DesignProblem {
    /// Targets that are to be as small or as large as possible.
    public var extremes: [Int] {
        targets.indices.filter { targets[$0].goal == .minimum || targets[$0].goal == .maximum }
    }

    /// The values of a candidate's extremes, small ones better.
    public func goals(_ candidate: DesignCandidate) -> [Double] {
        extremes.map { targets[$0].goal == .maximum ? -candidate.values[$0] : candidate.values[$0] }
    }

    /// Indices of the successes that no other success beats in every extreme.
    public func front(of candidates: [DesignCandidate]) -> [Int] {
        let successes = candidates.indices.filter { candidates[$0].isSuccess }
        return ParetoFront.indices(of: successes.map { goals(candidates[$0]) }).map { successes[$0] }
    }

    func weighted(_ goals: [Int], _ weights: [Double]) -> DesignProblem {
        var result = self
        for (goal, weight) in zip(goals, weights) { result.targets[goal].weight *= weight }
        return result
    }
}
