import Foundation
import NumericalMethods

/// The baselines without gradient: each candidate is the best of its own 200 trials, drawn from the masked, neutral
/// space; evenly, or by a tree-structured Parzen estimator (Bergstra et al., NIPS 2011) over pattern, elements, cell
/// and coordinates.
package struct IndependentTrials: CandidateSearch {
    /// Where the trials of a candidate come from.
    package enum Sampler: Sendable {
        /// Drawn evenly.
        case even
        /// By the estimator, after some even draws.
        case parzen

        var method: DesignMethod { self == .even ? .random : .tpe }
    }

    let evaluator: DesignEvaluator
    let budget: SearchBudget
    let sampler: Sampler
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Trials { problem.settings.trials }

    /// Candidates between two reports.
    private static let block = 16

    package init(evaluator: DesignEvaluator, budget: SearchBudget, sampler: Sampler) {
        (self.evaluator, self.budget, self.sampler) = (evaluator, budget, sampler)
    }

    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        let models = evaluator.callsPerEvaluation
        // The last of a candidate's trials is the verdict.
        let trials = max(1, budget.calls / (budget.candidates * models))
        var candidates: [DesignCandidate] = []
        var progress: [DesignResult.Progress] = []
        for first in stride(from: 0, to: budget.candidates, by: Self.block) {
            let items = Array(first..<min(budget.candidates, first + Self.block))
            candidates += try await parallelMap(items, width: budget.jobs) {
                best(of: max(1, trials - 1), UInt64($0))
            }
            progress.append(
                .init(
                    calls: candidates.count * trials * models,
                    successes: candidates.count(where: \.isSuccess),
                    compositions: feasible(candidates).count))
            if let last = progress.last { report(last) }
        }
        candidates.sort { ($0.isSuccess ? 0 : 1, $0.loss) < ($1.isSuccess ? 0 : 1, $1.loss) }
        return DesignResult(
            method: sampler.method.rawValue, candidates: candidates,
            calls: budget.candidates * trials * models, progress: progress,
            feasible: feasible(candidates))
    }

    private func feasible(_ candidates: [DesignCandidate]) -> Set<SiteComposition> {
        Set(candidates.filter(\.isSuccess).map { problem.composition($0.decoration) })
    }

    private func best(of count: Int, _ index: UInt64) -> DesignCandidate {
        var random = RandomStream(seed: budget.seed, index: index)
        var history: [DesignTrial] = []
        for number in 0..<count {
            var trial: DesignTrial
            if sampler == .parzen, number >= settings.evenDraws {
                trial = ParzenEstimator(problem).draw(history, &random)
            } else {
                trial = DesignTrial(
                    decoration: problem.randomDecoration(&random, meetsTolerance: false),
                    x: problem.space.bounds.map { random.uniform($0.lowerBound, $0.upperBound) })
            }
            let evaluation = evaluator.evaluate(trial.decoration, at: trial.x, gradient: false)
            trial.values = evaluation.values
            trial.loss = penalised(evaluation.loss, trial.decoration)
            history.append(trial)
        }
        let best = history.min { $0.loss < $1.loss } ?? history[0]
        return evaluator.judge(best.decoration, at: best.x, values: best.values)
    }

    /// With the tolerance factor's own miss.
    private func penalised(_ loss: Double, _ decoration: Decoration) -> Double {
        guard let range = problem.toleranceRange else { return loss }
        guard let t = problem.toleranceFactor(decoration) else { return loss + settings.undefinedTolerance }
        let miss = max(0, range.lowerBound - t, t - range.upperBound) / settings.toleranceScale
        return loss + miss * miss
    }
}
