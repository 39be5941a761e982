/// A search by one of the methods.
public struct DesignSearch: Sendable {
    /// The problem, and what answers it.
    public let evaluator: DesignEvaluator
    /// How candidates are looked for.
    public var method = DesignMethod.gradient
    /// Whose least energy gives cell and coordinates of every composition; nil where the search chooses them.
    package var judge: StabilityJudge?
    /// Of a supercell at the least energy: the same targets of its unit cell, whose compositions the mixtures are made from.
    package var unit: DesignEvaluator?
    /// How many are asked for.
    public var candidates = 256
    /// Predictor calls; nil for 200 evaluations of every model for each candidate. `exhaustive` has none.
    public var budget: Int?
    /// Of every random choice; the same seed gives the same candidates, whatever `jobs` is.
    public var seed: UInt64 = 1
    /// So many weightings of the minima and maxima, for a Pareto front; nil for one search.
    public var front: Int?
    /// Tasks at a time; nil for the number of cores. It changes no result.
    public var jobs: Int?

    /// A search with the gradient, 256 candidates and 200 evaluations for each.
    public init(_ evaluator: DesignEvaluator) {
        self.evaluator = evaluator
    }

    /// What is asked.
    package var problem: DesignProblem { evaluator.problem }

    /// Predictor calls that the search may make.
    package var allowedCalls: Int {
        budget ?? candidates * problem.settings.budget.evaluationsPerCandidate * evaluator.callsPerEvaluation
    }

    /// - Parameter report: called now and then, from one task at a time.
    /// - Throws: `DesignError.space` where an exhaustive search has too much to do, and `CancellationError`.
    public func run(_ report: @escaping DesignReporting = { _ in }) async throws -> DesignResult {
        let budget = SearchBudget(
            candidates: candidates, calls: allowedCalls, seed: seed, jobs: jobs)
        if let judge {
            return try await RelaxedGeometrySearch(
                evaluator: evaluator, judge: judge, budget: budget, unit: unit
            ).run(report)
        }
        if let front, problem.extremes.count > 1 {
            return try await ParetoSearch(
                evaluator: evaluator, budget: budget, weightings: front, search: single
            ).run(report)
        }
        return try await single(evaluator, budget).run(report)
    }

    private func single(_ evaluator: DesignEvaluator, _ budget: SearchBudget) -> any CandidateSearch {
        switch method {
        case .gradient:
            problem.space.orbitCount > problem.settings.budget.mostRankedOrbits
                ? SwapDescent(evaluator: evaluator, budget: budget)
                : CompositionSearch(evaluator: evaluator, budget: budget)
        case .smoacs: SMOACS(evaluator: evaluator, budget: budget)
        case .random: IndependentTrials(evaluator: evaluator, budget: budget, sampler: .even)
        case .tpe: IndependentTrials(evaluator: evaluator, budget: budget, sampler: .parzen)
        case .exhaustive: ExhaustiveSearch(evaluator: evaluator, budget: budget)
        }
    }
}
