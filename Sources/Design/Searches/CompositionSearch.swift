import Crystallography
import NumericalMethods

/// Best-first search over compositions: each one that was solved for cell and coordinates predicts, by its gradient
/// in the shares of elements, what every exchange of one element would do; the most promising composition not yet
/// seen is solved next, and so verified. Compositions that failed come back later from other starts.
package struct CompositionSearch: CandidateSearch {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Compositions { problem.settings.compositions }

    package init(evaluator: DesignEvaluator, budget: SearchBudget) {
        (self.evaluator, self.budget) = (evaluator, budget)
    }

    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        var agenda = CompositionAgenda(problem)
        var found = FoundCandidates()
        var calls = 0
        var progress: [DesignResult.Progress] = []
        var random = RandomStream(seed: budget.seed)
        for _ in 0..<(settings.draws * problem.patterns.count) {
            agenda.propose(problem.randomDecoration(&random), priority: 0)
        }
        let searchCalls = budget.calls - budget.calls / settings.reserve
        while !problem.extremes.isEmpty || found.feasible.count < budget.candidates, calls < searchCalls {
            if agenda.isEmpty {
                // The gradient leads only where it was followed; a fresh draw opens what it has not.
                let proposals = (0..<settings.redraws).map { _ in
                    agenda.propose(problem.randomDecoration(&random), priority: 0)
                }
                guard proposals.contains(true) else { break }
            }
            let items = agenda.next(settings.batch)
            let results = try await parallelMap(items, width: budget.jobs) { solved($0) }
            for (item, result) in zip(items, results) {
                calls +=
                    (result.local.evaluations + result.candidate.evaluations) * evaluator.callsPerEvaluation
                found.take(result.candidate, problem.composition(item.decoration))
                if !result.candidate.isSuccess, item.attempt + 1 < settings.attempts {
                    agenda.retry(
                        item,
                        priority: result.local.evaluation.loss + settings.attemptPenalty
                            * Double(item.attempt + 1))
                }
                if item.attempt == 0 { proposeExchanges(item.decoration, result.local, &agenda) }
            }
            progress.append(
                .init(calls: calls, successes: found.successes.count, compositions: found.feasible.count))
            if let last = progress.last { report(last) }
        }
        let variants = try await StructureVariants(evaluator: evaluator, budget: budget).run(
            of: found.successes, calls: &calls)
        let candidates = found.ranked(with: variants, nearest: budget.candidates)
        progress.append(
            .init(
                calls: calls, successes: candidates.count(where: \.isSuccess),
                compositions: found.feasible.count))
        return DesignResult(
            method: DesignMethod.gradient.rawValue,
            candidates: Array(candidates.prefix(budget.candidates)), calls: calls, progress: progress,
            feasible: found.feasible)
    }

    private func solved(
        _ item: CompositionAgenda.Item
    ) -> (local: LocalSearch.Result, candidate: DesignCandidate) {
        // A stream of its own for every attempt of every item.
        var random = RandomStream(seed: budget.seed, index: UInt64(item.number * 8 + item.attempt + 1))
        let local = LocalSearch(evaluator: evaluator).run(
            item.decoration, from: problem.start(item.decoration, attempt: item.attempt, &random),
            limit: item.attempt == 0 ? settings.firstEvaluations : settings.laterEvaluations)
        return (local, evaluator.judge(item.decoration, at: local.x, values: local.evaluation.values))
    }

    /// Every exchange of one element, by what the gradients say of it.
    private func proposeExchanges(
        _ decoration: Decoration, _ local: LocalSearch.Result, _ agenda: inout CompositionAgenda
    ) {
        for (orbit, old) in decoration.elements.enumerated() {
            for new in problem.choices(decoration.pattern, orbit) where new != old {
                let values = evaluator.linearised(
                    local.evaluation.values, local.evaluation, orbit: orbit, from: old, to: new)
                var next = decoration
                next.elements[orbit] = new
                agenda.propose(next, priority: evaluator.loss.evaluate(values).loss)
            }
        }
    }
}

/// Successes, one of each composition, and the least misses.
private struct FoundCandidates {
    private(set) var successes: [DesignCandidate] = []
    private(set) var feasible = Set<SiteComposition>()
    private var misses: [SiteComposition: DesignCandidate] = [:]

    mutating func take(_ candidate: DesignCandidate, _ composition: SiteComposition) {
        if candidate.isSuccess {
            if feasible.insert(composition).inserted { successes.append(candidate) }
        } else if misses[composition].map({ $0.loss > candidate.loss }) != false {
            misses[composition] = candidate
        }
    }

    /// Successes by loss, then other structures of theirs; where there is neither, the nearest misses, marked as such.
    func ranked(with variants: [DesignCandidate], nearest count: Int) -> [DesignCandidate] {
        let found = successes.sorted { $0.loss < $1.loss } + variants
        guard found.isEmpty else { return found }
        let missed = misses.filter { !feasible.contains($0.key) }.values.sorted {
            $0.loss == $1.loss
                ? $0.decoration.elements.lexicographicallyPrecedes($1.decoration.elements)
                : $0.loss < $1.loss
        }
        return Array(missed.prefix(count))
    }
}
