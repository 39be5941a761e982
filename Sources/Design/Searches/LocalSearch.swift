import NumericalMethods
import PropertyModels

/// Levenberg–Marquardt on the misses of the targets in the free variables, for fixed elements.
///
/// There are few targets and many variables, so the normal equations are solved in the targets' space.
package struct LocalSearch {
    let evaluator: DesignEvaluator
    private var problem: DesignProblem { evaluator.problem }

    /// Å, about: neighbours stay frozen until something has moved by this.
    private static let frozen = 0.05
    /// Å, about: no step is longer.
    private static let longestStep = 0.35
    /// A step is too short to go on.
    private static let shortestStep = 1e-6
    /// Of the loss: a step that gains less is the last.
    private static let leastGain = 1e-4
    /// Damping falls and rises by these, and stays between these.
    private static let damping = (start: 1.0, fall: 4.0, rise: 8.0, least: 1e-3, most: 1e5)

    package init(evaluator: DesignEvaluator) { self.evaluator = evaluator }

    package struct Result: Sendable {
        package var x: [Double]
        package var evaluation: DesignEvaluation
        package var evaluations: Int
    }

    /// - Parameter limit: evaluations at most; it stops where every target is met with a margin.
    package func run(_ decoration: Decoration, from start: [Double], limit: Int) -> Result {
        let space = problem.space
        let mixtures = MixedCrystal.mixtures(of: decoration.elements)
        let bounds = problem.bounds(decoration)
        func clamped(_ x: [Double]) -> [Double] {
            zip(x, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
        }
        var x = clamped(start)
        var list = NeighbourList(space.geometry(at: x), ties: .symmetric)
        var current = evaluator.evaluate(mixtures: mixtures, at: x, neighbours: list, gradient: true)
        var listPlace = x
        var damping = Self.damping.start
        var count = 1
        while count < limit, current.loss > 0 || hasExtremes {
            guard let step = step(current, damping), let largest = step.map(abs).max(),
                largest > Self.shortestStep
            else { break }
            let trust = min(1, Self.longestStep / largest)
            let next = clamped(zip(x, step).map { $0 + trust * $1 })
            if zip(next, listPlace).contains(where: { abs($0 - $1) > Self.frozen }) {
                list = NeighbourList(space.geometry(at: next), ties: .symmetric)
                listPlace = next
            }
            let trial = evaluator.evaluate(mixtures: mixtures, at: next, neighbours: list, gradient: true)
            count += 1
            if trial.loss < current.loss {
                let gain = current.loss - trial.loss
                (x, current) = (next, trial)
                damping = max(Self.damping.least, damping / Self.damping.fall)
                if gain < Self.leastGain * abs(current.loss), current.loss > 0 { break }
            } else {
                damping *= Self.damping.rise
                if damping > Self.damping.most { break }
            }
        }
        if listPlace != x {
            // The verdict is on neighbours as they stand.
            current = evaluator.evaluate(mixtures: mixtures, at: x, gradient: true)
            count += 1
        }
        return Result(x: x, evaluation: current, evaluations: count)
    }

    private var hasExtremes: Bool { problem.targets.contains(where: \.isExtreme) }

    /// −(JᵀJ + λ)⁻¹ (Jᵀ r + g/2) with one row of J for each miss; nil where a predictor's gradient is not finite.
    private func step(_ evaluation: DesignEvaluation, _ damping: Double) -> [Double]? {
        var rows: [[Double]] = []
        var b = [Double](repeating: 0, count: problem.space.count)
        let slopes = evaluator.loss.evaluate(evaluation.values).slopes
        for (k, gradient) in evaluation.gradients.enumerated() where slopes[k] != 0 {
            for i in b.indices { b[i] += 0.5 * slopes[k] * gradient[i] }
            if let factor = missFactor(k, evaluation.values) { rows.append(gradient.map { factor * $0 }) }
        }
        guard !rows.isEmpty else { return b.map { -$0 / damping } }
        // Woodbury: (b − Jᵀ (λ + J Jᵀ)⁻¹ J b)/λ.
        let jacobian = DenseMatrix(rows)
        var matrix = jacobian.transpose.gram
        for i in rows.indices { matrix[i, i] += damping }
        do throws(LinearAlgebraError) {
            let y = try Cholesky(matrix).solve(jacobian * b)
            return zip(b, jacobian.transposeTimes(y)).map { -($0 - $1) / damping }
        } catch {
            // Positive definite by its damping, unless a number is not finite.
            return nil
        }
    }

    /// √weight/scale of a miss, or the slope of the gate's log-odds; nil for an extreme, which misses nothing.
    private func missFactor(_ k: Int, _ values: [Double]) -> Double? {
        let loss = evaluator.loss
        guard loss.targets.indices.contains(k) else {
            let chance = DesignLoss.inside(values[k])
            return 1 / (chance * (1 - chance))
        }
        return loss.targets[k].isExtreme ? nil : loss.targets[k].weight.squareRoot() / loss.scales[k]
    }
}
