import Crystallography
import NumericalMethods

/// For templates of many orbits, at the potential's geometry: a host, a composition whose unit cell meets the targets where its energy is
/// least, in which ions that fit (`SubstitutionRule`) replace some; without a host a mixture of ions that fit, exchanged until the targets
/// are met in the cell where they touch. The crystal is relaxed, and where a target is lost elements are exchanged by what the predictors'
/// gradients say at that place, and it is relaxed again.
struct RelaxedSwapDescent: CandidateSearch {
    let evaluator: DesignEvaluator
    let judge: StabilityJudge
    let budget: SearchBudget
    /// Copies of unit cells; empty where there is none.
    let hosts: [DesignCandidate]
    /// What they have cost, beside the budget: it is the same for any number of candidates.
    let callsBefore: Int
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Relaxed { problem.settings.relaxed }

    /// - Throws: `CancellationError`, what the potential cannot answer.
    func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        var settled = CollectedCandidates()
        var feasible = Set<SiteComposition>()
        var next = 0
        let rule = problem.asksCharges ? SubstitutionRule(problem) : nil
        let descent = MixedStart(
            evaluator: evaluator, budget: budget,
            hosts: hosts.filter { rule?.admits($0.decoration) == true }, rule: rule)
        while settled.found.count < budget.candidates, settled.calls < budget.calls,
            next < budget.candidates * settings.descentsPerCandidate
        {
            let items = Array(next..<(next + min(settings.batch, budget.candidates - settled.found.count)))
            next += items.count
            let results = try await parallelMap(items, width: budget.jobs) {
                try descend(UInt64($0), descent)
            }
            for (candidate, evaluations) in results {
                settled.calls += evaluations * evaluator.callsPerEvaluation
                let isWhole = try candidate.isSuccess && descent.swaps.isPrimitive(candidate)
                let isNew =
                    isWhole && feasible.insert(problem.composition(candidate.decoration)).inserted
                settled.add(candidate, isSuccess: isNew)
            }
            settled.note(compositions: feasible.count, report)
        }
        settled.calls += callsBefore
        return settled.result("gradient at relaxed geometry", budget.candidates, feasible: feasible)
    }

    private func descend(
        _ index: UInt64, _ start: MixedStart
    ) throws -> (candidate: DesignCandidate, evaluations: Int) {
        let first = start.start(index)
        var (decoration, x) = (first.decoration, first.x)
        var (best, evaluations): (DesignCandidate?, Int) = (nil, first.evaluations)
        var group = problem.space.orbitCount / problem.settings.swaps.firstGroup
        for _ in 0..<settings.rounds {
            try Task.checkCancellation()
            let settling = RelaxedSettling(evaluator: evaluator, judge: judge)
            guard let candidate = try settling.settle(decoration, from: x) else { break }
            evaluations += candidate.evaluations
            let isBetter = best.map { candidate.isSuccess || candidate.loss < $0.loss } ?? true
            if isBetter { best = candidate } else { group /= 2 }
            guard let best, !best.isSuccess, group > 0 else { break }
            // From the best so far: a group that did not keep its promise is taken back and halved.
            let standing = evaluator.evaluate(best.decoration, standing: best.structure, gradient: true)
            evaluations += 1
            let trial = start.swaps.exchanged(best.decoration, standing, group: group)
            guard trial != best.decoration else { break }
            (decoration, x) = (trial, first.isHosted ? first.x : start.touching(trial, index))
        }
        return (best ?? evaluator.judge(decoration, at: x).asMissed, evaluations)
    }
}

extension DesignCandidate {
    /// No success: it has no geometry of least energy.
    fileprivate var asMissed: DesignCandidate {
        var result = self
        result.meetsProperties = false
        return result
    }
}
