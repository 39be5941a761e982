import CrystalFiles
import Crystallography
import Design
import Evaluations
import ExplainedErrors
import Foundation
import NumericalMethods
import Symmetry

/// Searches for crystals of a template that meet the targets, and asks a judge that no search saw.
package struct DesignJob: Job {
    /// Where the candidates come from.
    package enum Source: Sendable {
        case search(DesignMethod)
        /// Compositions where the judge's energy is least.
        case relaxedGeometry(StabilityJudge)
        /// Copies of the candidates for one unit cell: the null arm of a supercell.
        case copies(of: DesignEvaluator)
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
    /// Of a supercell at the judge's geometry: the same targets of its unit cell.
    package var unit: DesignEvaluator?
    /// So many weightings of the minima and maxima, for a Pareto front; nil for one search.
    package var front: Int?
    package var judging = Judging.none
    /// Reduced formulas that are not novel; nil where novelty is not asked.
    package var knownFormulas: Set<String>?
    /// What relaxed successes are held against; nil where that is not asked for.
    package var references: DesignReferences?
    /// eV/atom above the hull up to which a candidate counts as stable.
    package var stableWithin = 0.1
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
        /// What is known of each success beside the models' answers; nil where it was not relaxed or nothing was asked.
        package var insights: [DesignInsight?] = []
        /// eV/atom above the hull up to which a candidate counts as stable.
        package var stableWithin = 0.1
        /// Successes that lie higher, and are left out where the geometry is the judge's.
        package var aboveHull = 0
        /// How often the models are right where they say what is asked; nil where no gap is.
        package var precision: MeasuredPrecision?
        /// Elements whose own energy CHGNet's table lacks: candidates with them were not judged.
        package var unjudged: [Element] = []
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
        let relaxed = try await relaxed(result.candidates, verdicts)
        let insights = try await insights(relaxed, verdicts, report)
        try Task.checkCancellation()
        let (order, leftOut) = order(of: insights)
        var ordered = result
        ordered.candidates = order.map { result.candidates[$0] }
        var outcome = Outcome(
            evaluator: evaluator, result: ordered, verdicts: order.map { verdicts[$0] },
            relaxed: order.map { relaxed[$0] },
            primitiveAtoms: try await primitiveAtoms(of: ordered.candidates), isUnique: [],
            front: front.map { _ in Set(evaluator.front(of: ordered.candidates)) },
            knownFormulas: knownFormulas,
            asked: result.isComplete ? nil : candidates, wasRelaxed: isRelaxing, seconds: seconds)
        outcome.insights = order.map { insights[$0] }
        outcome.isUnique = unique(ordered.candidates, outcome.insights)
        outcome.aboveHull = leftOut
        (outcome.stableWithin, outcome.precision) = (stableWithin, references == nil ? nil : precision)
        outcome.unjudged = unjudged(ordered.candidates)
        return outcome
    }

    private func insights(
        _ relaxed: [DesignCandidate?], _ verdicts: [StabilityJudge.Verdict?],
        _ report: @escaping JobProgress.Sink
    ) async throws -> [DesignInsight?] {
        guard let references, case .relaxed(let judge) = judging else { return relaxed.map { _ in nil } }
        let standing = zip(relaxed, verdicts).map { candidate, verdict in
            candidate.flatMap { own in
                verdict?.relaxation.map { (candidate: own, verdict: $0) }
            }
        }
        return try await references.insights(on: standing, by: evaluator, judge: judge, jobs: jobs) {
            text, done, total in
            report(.step("\(text): \(done)\(total.map { " of \($0)" } ?? "")"))
        }
    }

    /// Where the geometry is the judge's: those first that hold in every way, then by the search's own order; successes that lie above the
    /// hull are left out, unless nothing else would be left.
    private func order(of insights: [DesignInsight?]) -> (kept: [Int], leftOut: Int) {
        guard case .relaxedGeometry = source else { return (Array(insights.indices), 0) }
        let classes = insights.map { insight in
            insight.map { own in
                own.isBelievable(within: stableWithin)
                    ? 0 : own.isStable(within: stableWithin) == true ? 1 : own.isMetInAll ? 2 : 3
            } ?? 4
        }
        let all = insights.indices.sorted { (classes[$0], $0) < (classes[$1], $1) }
        let kept = all.filter { insights[$0]?.isStable(within: stableWithin) != false }
        return kept.contains { insights[$0] != nil } ? (kept, all.count - kept.count) : (all, 0)
    }

    /// By structure where structures were compared, else by composition.
    private func unique(_ candidates: [DesignCandidate], _ insights: [DesignInsight?]) -> [Bool] {
        var seen = Set<SiteComposition>()
        return zip(candidates, insights).map { candidate, insight in
            let isNew = seen.insert(evaluator.problem.composition(candidate.decoration)).inserted
            guard references?.survey != nil, let insight else { return isNew }
            return insight.duplicateOf == nil
        }
    }

    /// Of the targets of gap and formation energy, where a gap is asked for.
    private var precision: MeasuredPrecision? {
        func window(_ property: String) -> ClosedRange<Double>? {
            for case .window(let range) in evaluator.problem.targets.filter({ $0.property == property }).map(
                \.goal)
            {
                return range
            }
            return nil
        }
        return window("gap").map {
            MeasuredPrecision(
                gap: $0, formationEnergy: window("formation-energy"),
                gate: evaluator.problem.settings.loss.metal)
        }
    }

    private func unjudged(_ candidates: [DesignCandidate]) -> [Element] {
        switch judging {
        case .none: return []
        case .asProposed(let judge), .relaxed(let judge):
            let lacking = candidates.filter(\.isSuccess).flatMap { judge.lacking($0.structure.expanded()) }
            return Set(lacking).sorted()
        }
    }

    private func searched(_ report: @escaping JobProgress.Sink) async throws -> DesignResult {
        var search = DesignSearch(evaluator)
        switch source {
        case .search(let method): search.method = method
        case .relaxedGeometry(let judge): (search.judge, search.unit) = (judge, unit)
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
            verdict?.relaxation.map { evaluator.judge(candidate.decoration, relaxed: $0) }
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
