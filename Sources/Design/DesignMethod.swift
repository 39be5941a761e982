import NumericalMethods

/// How candidates are searched for.
public enum DesignMethod: String, Sendable, Hashable, CaseIterable {
    /// Gradients of the targets choose the next elements (verified) and solve for cell and coordinates.
    case gradient
    /// The algorithm of SMOACS as published, masks that multiply logits and all.
    case smoacs
    /// The best of independent draws.
    case random
    /// Tree-structured Parzen estimator.
    case tpe
    /// Every composition, each from at least five starts: the known feasible set.
    case exhaustive
}

/// A search with its budget.
public struct DesignSearch: Sendable {
    public internal(set) var problem: DesignProblem
    public var method = DesignMethod.gradient
    public var candidates = 256
    /// Predictor calls; nil for 200 evaluations of every model for each candidate. `exhaustive` has none.
    public var budget: Int?
    public var seed: UInt64 = 1
    /// So many weightings of the minima and maxima, for a Pareto front; nil for one search.
    public var front: Int?
    /// Tasks at a time; nil for the number of cores. It changes no result.
    public var jobs: Int?

    public init(_ problem: DesignProblem) {
        self.problem = problem
    }

    /// One evaluation of all models is this many calls.
    public var callsPerEvaluation: Int { problem.predictors.count }

    public var allowedCalls: Int { budget ?? candidates * 200 * callsPerEvaluation }

    /// - Parameter report: called now and then, from one task at a time.
    public func run(_ report: @escaping @Sendable (DesignResult.Progress) -> Void = { _ in }) async throws
        -> DesignResult
    {
        if let front, problem.extremes.count > 1 {
            return try await ParetoSearch(search: self, weightings: front).run(report)
        }
        switch method {
        case .gradient:
            // A site more is a factor more compositions: beyond this, one candidate at a time is led by its own
            // gradient, instead of ranking whole compositions.
            return problem.space.orbitCount > 12
                ? try await SwapDescent(self).run(report) : try await CompositionSearch(self).run(report)
        case .smoacs: return try await SMOACS(self).run(report)
        case .random: return try await IndependentTrials(self, usesEstimator: false).run(report)
        case .tpe: return try await IndependentTrials(self, usesEstimator: true).run(report)
        case .exhaustive: return try await ExhaustiveSearch(self).run(report)
        }
    }
}

extension DesignProblem {
    /// A pattern and elements drawn evenly, the tolerance factor in range where that is found within 200 draws.
    func randomDecoration(_ random: inout RandomStream, meetsTolerance wanted: Bool = true) -> Decoration {
        var drawn = Decoration(pattern: 0, elements: [])
        for _ in 0..<200 {
            let pattern = random.index(below: patterns.count)
            drawn = Decoration(
                pattern: pattern,
                elements: (0..<space.orbitCount).map { orbit in
                    let choices = choices(pattern, orbit)
                    return choices[random.index(below: choices.count)]
                })
            if !wanted || admits(drawn.elements, pattern: pattern) { break }
        }
        return drawn
    }

    /// The start of attempt 0, 1, 2, …: the ionic cell first, then other sizes with displaced atoms.
    func start(_ decoration: Decoration, attempt: Int, _ random: inout RandomStream) -> [Double] {
        let ionic = ionicStart(decoration.elements, pattern: decoration.pattern)
        guard attempt > 0 else { return ionic }
        let factors = [1.0, 1.08, 0.93, 1.2, 0.85, 1.35]
        let scaled = space.scaled(ionic, by: factors[attempt % factors.count])
        return space.clamped(
            zip(scaled, space.isLength).map { $0 + (($1 ? 0.05 : 0.25) * random.normal()) })
    }
}
