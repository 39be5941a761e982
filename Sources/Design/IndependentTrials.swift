import Foundation
import NumericalMethods

/// The baselines without gradient: each candidate is the best of its own 200 trials, drawn from the masked, neutral
/// space; evenly, or by a tree-structured Parzen estimator (Bergstra et al., NIPS 2011) over pattern, elements, cell
/// and coordinates.
struct IndependentTrials {
    let search: DesignSearch
    let usesEstimator: Bool

    init(_ search: DesignSearch, usesEstimator: Bool) {
        self.search = search
        self.usesEstimator = usesEstimator
    }

    private struct Trial {
        var decoration: Decoration
        var x: [Double]
        var loss: Double
        var values: [Double]
    }

    func run(_ report: @escaping @Sendable (DesignResult.Progress) -> Void) async throws -> DesignResult {
        let problem = search.problem
        let models = search.callsPerEvaluation
        // The last of a candidate's trials is the verdict.
        let trials = max(1, search.allowedCalls / (search.candidates * models))
        var candidates: [DesignCandidate] = []
        var progress: [DesignResult.Progress] = []
        for first in stride(from: 0, to: search.candidates, by: 16) {
            let items = Array(first..<min(search.candidates, first + 16))
            candidates += try await parallelMap(items, width: search.jobs) {
                best(of: max(1, trials - 1), UInt64($0))
            }
            let compositions = Set(
                candidates.filter(\.isSuccess).map { problem.compositionKey($0.decoration) })
            progress.append(
                .init(
                    calls: candidates.count * trials * models,
                    successes: candidates.filter(\.isSuccess).count, compositions: compositions.count))
            if let last = progress.last { report(last) }
        }
        candidates.sort { ($0.isSuccess ? 0 : 1, $0.loss) < ($1.isSuccess ? 0 : 1, $1.loss) }
        return DesignResult(
            method: search.method.rawValue, candidates: candidates,
            calls: search.candidates * trials * models,
            progress: progress,
            feasible: Set(candidates.filter(\.isSuccess).map { problem.compositionKey($0.decoration) }))
    }

    private func best(of count: Int, _ index: UInt64) -> DesignCandidate {
        let problem = search.problem
        var random = RandomStream(seed: search.seed, index: index)
        var history: [Trial] = []
        for number in 0..<count {
            var trial: Trial
            if usesEstimator, number >= 20 {
                trial = estimated(history, &random)
            } else {
                trial = Trial(
                    decoration: problem.randomDecoration(&random, meetsTolerance: false),
                    x: problem.space.bounds.map { random.uniform($0.lowerBound, $0.upperBound) }, loss: 0,
                    values: [])
            }
            let evaluation = problem.evaluate(trial.decoration, at: trial.x, gradient: false)
            trial.values = evaluation.values
            trial.loss = penalised(evaluation.loss, trial.decoration)
            history.append(trial)
        }
        let best = history.min { $0.loss < $1.loss } ?? history[0]
        return problem.judge(best.decoration, at: best.x, values: best.values)
    }

    /// With the tolerance factor's own miss.
    private func penalised(_ loss: Double, _ decoration: Decoration) -> Double {
        guard let range = search.problem.toleranceRange else { return loss }
        guard
            let t = search.problem.toleranceFactor(decoration.elements, pattern: decoration.pattern)
        else { return loss + 10 }
        let miss = max(0, range.lowerBound - t, t - range.upperBound) / 0.05
        return loss + miss * miss
    }

    /// The best by l/g of 24 draws from the density of the good trials.
    private func estimated(_ history: [Trial], _ random: inout RandomStream) -> Trial {
        let problem = search.problem
        let sorted = history.sorted { $0.loss < $1.loss }
        let split = max(4, min(25, history.count / 5))
        let (good, bad) = (Array(sorted.prefix(split)), Array(sorted.dropFirst(split)))
        var best: (score: Double, trial: Trial)?
        for _ in 0..<24 {
            var score = 0.0
            let patternOptions = Array(problem.patterns.indices)
            let pattern = draw(patternOptions, good.map(\.decoration.pattern), &random)
            score += ratio(
                pattern, patternOptions.count, good.map(\.decoration.pattern), bad.map(\.decoration.pattern))
            let goodHere = good.filter { $0.decoration.pattern == pattern }
            let badHere = bad.filter { $0.decoration.pattern == pattern }
            let elements = (0..<problem.space.orbitCount).map { orbit -> Int in
                let options = problem.choices(pattern, orbit)
                let (yes, no) = (
                    goodHere.map { $0.decoration.elements[orbit] },
                    badHere.map { $0.decoration.elements[orbit] }
                )
                let element = draw(options, yes, &random)
                score += ratio(element, options.count, yes, no)
                return element
            }
            let x = problem.space.bounds.enumerated().map { k, bound -> Double in
                let (yes, no) = (good.map { $0.x[k] }, bad.map { $0.x[k] })
                let width = (bound.upperBound - bound.lowerBound)
                let centre = random.index(below: yes.count + 1)
                var value = random.uniform(bound.lowerBound, bound.upperBound)
                if centre < yes.count {
                    value = yes[centre] + width / Double(yes.count).squareRoot() * 0.5 * random.normal()
                }
                value = min(max(value, bound.lowerBound), bound.upperBound)
                score += log(density(value, yes, width) / density(value, no, width))
                return value
            }
            if best.map({ score > $0.score }) != false {
                best = (
                    score,
                    Trial(
                        decoration: Decoration(pattern: pattern, elements: elements), x: x, loss: 0,
                        values: [])
                )
            }
        }
        return best?.trial ?? history[0]
    }

    private func draw(_ options: [Int], _ seen: [Int], _ random: inout RandomStream) -> Int {
        let index = random.index(below: options.count + seen.count)
        return index < options.count ? options[index] : seen[index - options.count]
    }

    private func ratio(_ value: Int, _ options: Int, _ good: [Int], _ bad: [Int]) -> Double {
        func share(_ list: [Int]) -> Double {
            (1 + Double(list.filter { $0 == value }.count)) / Double(options + list.count)
        }
        return log(share(good) / share(bad))
    }

    /// Gaussians of a common width on the points, and an even part of the weight of one.
    private func density(_ value: Double, _ points: [Double], _ width: Double) -> Double {
        let sigma = max(1e-9, width / Double(max(1, points.count)).squareRoot() * 0.5)
        var sum = 1 / width
        for point in points {
            let u = (value - point) / sigma
            sum += exp(-0.5 * u * u) / (sigma * 2.5066)
        }
        return sum / Double(points.count + 1)
    }
}
