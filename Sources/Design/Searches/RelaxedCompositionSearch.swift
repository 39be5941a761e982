import NumericalMethods

/// Best-first search over compositions at the potential's geometry: from each one that was relaxed the predictors say what every
/// exchange of one element would do in the cell that the radii of the ions then ask for; the most promising composition not yet
/// seen is relaxed next, and so verified.
struct RelaxedCompositionSearch: CandidateSearch {
    let evaluator: DesignEvaluator
    let judge: StabilityJudge
    let budget: SearchBudget
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Relaxed { problem.settings.relaxed }

    /// - Throws: `CancellationError`, what the potential cannot answer.
    func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        var agenda = CompositionAgenda(problem)
        var random = RandomStream(seed: budget.seed)
        var settled = CollectedCandidates()
        var relaxations = 0
        for _ in 0..<(settings.draws * problem.patterns.count) {
            agenda.propose(problem.randomDecoration(&random), priority: 0)
        }
        let most = budget.candidates * settings.relaxationsPerCandidate
        while settled.found.count < budget.candidates, relaxations < most {
            if agenda.isEmpty {
                let proposals = (0..<settings.redraws).map { _ in
                    agenda.propose(problem.randomDecoration(&random), priority: 0)
                }
                guard proposals.contains(true) else { break }
            }
            let items = agenda.next(settings.batch)
            let known = agenda
            let visits = try await parallelMap(items, width: budget.jobs) { item in
                try visit(item.decoration, known)
            }
            relaxations += items.count
            for case let visit? in visits {
                settled.calls += visit.calls
                settled.add(visit.candidate, isSuccess: visit.candidate.isSuccess)
                for next in visit.exchanges { agenda.propose(next.decoration, priority: next.loss) }
            }
            settled.note(compositions: settled.found.count, report)
        }
        return settled.result(
            "gradient at relaxed geometry", budget.candidates,
            feasible: Set(settled.found.map { problem.composition($0.decoration) }))
    }

    private struct Visit: Sendable {
        var candidate: DesignCandidate
        var exchanges: [(decoration: Decoration, loss: Double)]
        var calls: Int
    }

    private func visit(_ decoration: Decoration, _ known: CompositionAgenda) throws -> Visit? {
        let settling = RelaxedSettling(evaluator: evaluator, judge: judge)
        let start = problem.ionicStart(decoration)
        guard let candidate = try settling.settle(decoration, from: start) else { return nil }
        var exchanges: [(decoration: Decoration, loss: Double)] = []
        for (orbit, old) in decoration.elements.enumerated() {
            for new in problem.choices(decoration.pattern, orbit) where new != old {
                var next = decoration
                next.elements[orbit] = new
                guard known.isNew(next) else { continue }
                let x = moved(candidate.x, from: start, to: problem.ionicStart(next))
                exchanges.append((next, evaluator.evaluate(next, at: x, gradient: false).loss))
            }
        }
        return Visit(
            candidate: candidate, exchanges: exchanges,
            calls: (candidate.evaluations + exchanges.count) * evaluator.callsPerEvaluation)
    }

    /// The lengths changed as those do in which ions touch.
    private func moved(_ x: [Double], from old: [Double], to new: [Double]) -> [Double] {
        problem.space.clamped(
            x.indices.map { problem.space.isLength[$0] ? x[$0] * new[$0] / old[$0] : x[$0] })
    }
}
