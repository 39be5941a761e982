import CrystalFiles
import Crystallography
import Design
import ExplainedErrors
import Foundation
import NumericalMethods
import Symmetry

/// Searches for crystals of a template that meet the targets, and asks a judge that no search saw.
package struct DesignJob: Job {
    /// Where the candidates come from.
    package enum Source: Sendable {
        case search(DesignMethod)
        /// Every composition where the judge's energy is least.
        case relaxedGeometry(StabilityJudge)
        /// Copies of the candidates for one unit cell: the null arm of a supercell.
        case copies(of: DesignEvaluator)

        /// Whether it takes every composition there is, however many are asked for.
        package var isExhaustive: Bool {
            switch self {
            case .search(.exhaustive), .relaxedGeometry: return true
            case .search, .copies: return false
            }
        }
    }

    package enum Judging: Sendable {
        case none
        /// The formation energy as proposed.
        case asProposed(StabilityJudge)
        /// After relaxation in the template's symmetry.
        case relaxed(StabilityJudge)
    }

    package var evaluator: DesignEvaluator
    package var source = Source.search(.gradient)
    package var candidates = 256
    /// Predictor calls; nil for 200 evaluations of each model for each candidate.
    package var budget: Int?
    package var seed: UInt64 = 1
    /// So many weightings of the minima and maxima, for a Pareto front; nil for one search.
    package var front: Int?
    package var judging = Judging.none
    /// Reduced formulas that are not novel; nil where novelty is not asked.
    package var knownFormulas: Set<String>?
    /// Tasks at a time; nil for the number of cores. It changes no result.
    package var jobs: Int?

    package init(_ evaluator: DesignEvaluator) { self.evaluator = evaluator }

    /// Seconds between two lines of progress.
    private static let interval = 2.0

    package struct Outcome: Sendable {
        package var evaluator: DesignEvaluator
        package var result: DesignResult
        /// One for each candidate; nil where it is no success or there is no judge.
        package var verdicts: [StabilityJudge.Verdict?]
        /// The same candidates at the geometry of their least energy; nil where it was not relaxed.
        package var relaxed: [DesignCandidate?]
        /// Atoms of each candidate's primitive cell, elements distinguished; nil where its atoms stand so close that no
        /// symmetry can be told.
        package var primitiveAtoms: [Int?]
        /// Whether a candidate is the first of its composition.
        package var isUnique: [Bool]
        /// Indices of the candidates that no other beats; nil without a front.
        package var front: Set<Int>?
        package var knownFormulas: Set<String>?
        /// nil where the search takes all there are.
        package var asked: Int?
        /// Whether the judge relaxed the successes.
        package var wasRelaxed: Bool
        /// Of the search, the judge left out.
        package var seconds: Double
    }

    /// - Throws: `DesignJobError` where a front is asked for and fewer than two targets are minima or maxima.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        if front != nil, evaluator.problem.extremes.count < 2 { throw DesignJobError.frontOfOneTarget }
        let clock = ContinuousClock()
        let begin = clock.now
        let result = try await searched(report)
        try Task.checkCancellation()
        let seconds = begin.duration(to: clock.now) / .seconds(1)
        let verdicts = try await verdicts(on: result.candidates)
        try Task.checkCancellation()
        var seen = Set<SiteComposition>()
        return Outcome(
            evaluator: evaluator, result: result, verdicts: verdicts,
            relaxed: try await relaxed(result.candidates, verdicts),
            primitiveAtoms: try await primitiveAtoms(of: result.candidates),
            isUnique: result.candidates.map {
                seen.insert(evaluator.problem.composition($0.decoration)).inserted
            },
            front: front.map { _ in Set(evaluator.front(of: result.candidates)) },
            knownFormulas: knownFormulas,
            asked: source.isExhaustive ? nil : candidates, wasRelaxed: isRelaxing, seconds: seconds)
    }

    private func searched(_ report: @escaping JobProgress.Sink) async throws -> DesignResult {
        var search = DesignSearch(evaluator)
        switch source {
        case .search(let method): search.method = method
        case .relaxedGeometry(let judge): search.judge = judge
        case .copies(let unit): search = DesignSearch(unit)
        }
        search.candidates = candidates
        search.budget = budget
        search.seed = seed
        search.jobs = jobs
        search.front = front
        let pace = Pace(seconds: Self.interval)
        let result = try await search.run { progress in
            guard pace.isDue() else { return }
            report(
                .step(
                    "design: \(progress.calls) calls, \(progress.successes) successes, "
                        + "\(progress.compositions) compositions"))
        }
        guard case .copies(let unit) = source else { return result }
        return TiledDesign.tile(result, from: unit.problem, into: evaluator)
    }

    private var isRelaxing: Bool {
        if case .relaxed = judging { return true }
        return false
    }

    private func verdicts(on candidates: [DesignCandidate]) async throws -> [StabilityJudge.Verdict?] {
        let judge: StabilityJudge
        switch judging {
        case .none: return candidates.map { _ in nil }
        case .asProposed(let model), .relaxed(let model): judge = model
        }
        let isRelaxing = isRelaxing
        return try await parallelMap(candidates, width: jobs) { candidate in
            candidate.isSuccess ? try judge.verdict(candidate.structure, relaxing: isRelaxing) : nil
        }
    }

    /// Every target asked again where the potential's energy is least: a property of a geometry that no crystal has is none.
    private func relaxed(
        _ candidates: [DesignCandidate], _ verdicts: [StabilityJudge.Verdict?]
    ) async throws -> [DesignCandidate?] {
        let evaluator = evaluator
        return try await parallelMap(Array(zip(candidates, verdicts)), width: jobs) { candidate, verdict in
            verdict?.relaxation.map { evaluator.judge(candidate, at: $0.structure) }
        }
    }

    private func primitiveAtoms(of candidates: [DesignCandidate]) async throws -> [Int?] {
        let tolerance = evaluator.problem.settings.swaps.tolerance
        return try await parallelMap(candidates, width: jobs) { candidate in
            let structure = candidate.structure.expanded()
            do {
                let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
                return structure.sites.count / max(1, found.copies)
            } catch {
                return nil
            }
        }
    }

    /// The reduced formulas of all structures of files, folders and sets; records that cannot be read have none.
    ///
    /// - Parameter skipped: gets one line for each of those.
    package static func formulas(
        in paths: [String], skipped: (String) -> Void = { _ in }
    ) throws -> Set<String> {
        var result = Set<String>()
        for path in paths {
            for element in try CrystalRecordStream(path: path) {
                switch element.result {
                case .success(let record): result.insert(Formula(record.structure).reduced.text())
                case .failure(let error): skipped("\(error)")
                }
            }
        }
        return result
    }
}

package enum DesignJobError: ExplainedError, Hashable {
    case frontOfOneTarget

    package var explanation: Explanation {
        Explanation("--pareto needs two targets min or max: --gap max --bulk-modulus max")
    }
}
