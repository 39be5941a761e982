import NumericalMethods
import PropertyModels

/// Levenberg–Marquardt on the misses of the targets in the free variables, for fixed elements.
///
/// There are few targets and many variables, so the normal equations are solved in the targets' space.
package struct LocalSearch {
    let evaluator: DesignEvaluator
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Descent { problem.settings.descent }

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
        var damping = settings.damping
        var count = 1
        while count < limit, current.loss > 0 || hasExtremes {
            guard let step = step(current, damping), let largest = step.map(abs).max(),
                largest > settings.shortestStep
            else { break }
            let trust = min(1, settings.longestStep / largest)
            let next = clamped(zip(x, step).map { $0 + trust * $1 })
            if zip(next, listPlace).contains(where: { abs($0 - $1) > settings.frozen }) {
                list = NeighbourList(space.geometry(at: next), ties: .symmetric)
                listPlace = next
            }
            let trial = evaluator.evaluate(mixtures: mixtures, at: next, neighbours: list, gradient: true)
            count += 1
            if trial.loss < current.loss {
                let gain = current.loss - trial.loss
                (x, current) = (next, trial)
                damping = max(settings.dampings.lowerBound, damping / settings.dampingFall)
                if gain < settings.leastGain * abs(current.loss), current.loss > 0 { break }
            } else {
                damping *= settings.dampingRise
                if damping > settings.dampings.upperBound { break }
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
            let chance = loss.inside(values[k])
            return 1 / (chance * (1 - chance))
        }
        return loss.targets[k].isExtreme ? nil : loss.targets[k].weight.squareRoot() / loss.scales[k]
    }
}
