import NumericalMethods

/// Where fewer compositions succeed than candidates are wanted: other structures of the same compositions, so that
/// a place that was asked for stays empty only where nothing is left to put there.
package struct StructureVariants {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    private var settings: DesignSettings.Variants { evaluator.problem.settings.variants }

    package init(evaluator: DesignEvaluator, budget: SearchBudget) {
        (self.evaluator, self.budget) = (evaluator, budget)
    }

    /// - Parameter calls: those made so far; the search's own are added.
    package func run(of found: [DesignCandidate], calls: inout Int) async throws -> [DesignCandidate] {
        guard !found.isEmpty, found.count < budget.candidates else { return [] }
        let problem = evaluator.problem
        var result: [DesignCandidate] = []
        var known = Dictionary(grouping: found, by: { problem.composition($0.decoration) }).mapValues {
            $0.map(\.x)
        }
        var round = 0
        while result.count + found.count < budget.candidates, calls < budget.calls, round < settings.rounds {
            let spread = settings.spreads[round % settings.spreads.count]
            let apart = settings.apart / Double(1 << (round / settings.roundsApart))
            round += 1
            let wanted = min(found.count, budget.candidates - found.count - result.count)
            // Primes, so that streams and partners of the rounds do not meet.
            let items = (0..<wanted).map { (round * 7919 + $0, found[(round * 31 + $0) % found.count]) }
            let tried = try await parallelMap(items, width: budget.jobs) { number, candidate in
                (candidate.decoration, displaced(candidate, by: spread, number: number))
            }
            for (decoration, local) in tried {
                calls += local.evaluations * evaluator.callsPerEvaluation
                let composition = problem.composition(decoration)
                let isNew =
                    known[composition]?.allSatisfy { zip($0, local.x).contains { abs($0 - $1) > apart } }
                    != false
                guard isNew, result.count + found.count < budget.candidates else { continue }
                let candidate = evaluator.judge(decoration, at: local.x, values: local.evaluation.values)
                calls += candidate.evaluations * evaluator.callsPerEvaluation
                guard candidate.isSuccess else { continue }
                known[composition, default: []].append(local.x)
                result.append(candidate)
            }
        }
        return result
    }

    private func displaced(_ candidate: DesignCandidate, by spread: Double, number: Int) -> LocalSearch.Result
    {
        var random = RandomStream(seed: budget.seed ^ 0x5EED, index: UInt64(number))
        return LocalSearch(evaluator: evaluator).run(
            candidate.decoration, from: candidate.x.map { $0 + spread * random.normal() },
            limit: settings.evaluations)
    }
}
