import NumericalMethods
import PropertyModels

/// Levenberg–Marquardt on the misses of the targets in the free variables, for fixed elements.
///
/// There are few targets and many variables, so the normal equations are solved in the targets' space.
struct LocalSearch {
    let problem: DesignProblem

    struct Result {
        var x: [Double]
        var evaluation: DesignEvaluation
        var evaluations: Int
    }

    /// - Parameter limit: evaluations at most; it stops where every target is met with a margin.
    func run(_ decoration: Decoration, from start: [Double], limit: Int) -> Result {
        let space = problem.space
        let mixtures = DesignProblem.mixtures(decoration.elements)
        let bounds = problem.bounds(decoration)
        func clamped(_ x: [Double]) -> [Double] {
            zip(x, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
        }
        var x = clamped(start)
        var list = NeighbourList(space.geometry(at: x), ties: .symmetric)
        var current = problem.evaluate(mixtures: mixtures, at: x, neighbours: list, gradient: true)
        var listPlace = x
        var damping = 1.0
        var count = 1
        while count < limit, current.loss > 0 || hasExtremes {
            let step = step(current, damping)
            guard let largest = step.map(abs).max(), largest > 1e-6 else { break }
            let trust = min(1, 0.35 / largest)
            let next = clamped(zip(x, step).map { $0 + trust * $1 })
            // Frozen until something has moved by 0.05 Å.
            if zip(next, listPlace).contains(where: { abs($0 - $1) > 0.05 }) {
                list = NeighbourList(space.geometry(at: next), ties: .symmetric)
                listPlace = next
            }
            let trial = problem.evaluate(mixtures: mixtures, at: next, neighbours: list, gradient: true)
            count += 1
            if trial.loss < current.loss {
                let gain = current.loss - trial.loss
                (x, current) = (next, trial)
                damping = max(1e-3, damping / 4)
                if gain < 1e-4 * abs(current.loss), current.loss > 0 { break }
            } else {
                damping *= 8
                if damping > 1e5 { break }
            }
        }
        if listPlace != x {
            // The verdict is on neighbours as they stand.
            current = problem.evaluate(mixtures: mixtures, at: x, gradient: true)
            count += 1
        }
        return Result(x: x, evaluation: current, evaluations: count)
    }

    private var hasExtremes: Bool {
        problem.targets.contains { $0.goal == .minimum || $0.goal == .maximum }
    }

    /// −(JᵀJ + λ)⁻¹ (Jᵀ r + g/2) with one row of J for each miss.
    private func step(_ evaluation: DesignEvaluation, _ damping: Double) -> [Double] {
        var rows: [[Double]] = []
        var b = [Double](repeating: 0, count: problem.space.count)
        let slopes = problem.loss(evaluation.values).slopes
        for (k, gradient) in evaluation.gradients.enumerated() where slopes[k] != 0 {
            let scale: Double
            let weight: Double
            var isExtreme = false
            if k < problem.targets.count {
                scale = problem.scale(k)
                weight = problem.targets[k].weight.squareRoot()
                isExtreme = problem.targets[k].goal == .minimum || problem.targets[k].goal == .maximum
            } else {
                let p = min(max(evaluation.values[k], 1e-12), 1 - 1e-12)
                (scale, weight) = (p * (1 - p), 1)
            }
            for i in b.indices { b[i] += 0.5 * slopes[k] * gradient[i] }
            if !isExtreme { rows.append(gradient.map { weight * $0 / scale }) }
        }
        // Woodbury: (b − Jᵀ (λ + J Jᵀ)⁻¹ J b)/λ.
        let n = rows.count
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: n + 1), count: n)
        for i in 0..<n {
            for j in 0..<n { matrix[i][j] = Self.dot(rows[i], rows[j]) }
            matrix[i][i] += damping
            matrix[i][n] = Self.dot(rows[i], b)
        }
        let y = Self.solve(matrix)
        var result = b
        for (k, row) in rows.enumerated() {
            for i in result.indices { result[i] -= y[k] * row[i] }
        }
        return result.map { -$0 / damping }
    }

    private static func dot(_ x: [Double], _ y: [Double]) -> Double {
        var sum = 0.0
        for i in x.indices { sum += x[i] * y[i] }
        return sum
    }

    /// A small positive definite system, right-hand side in the last column.
    private static func solve(_ system: [[Double]]) -> [Double] {
        var m = system
        let n = m.count
        for k in 0..<n {
            for i in (k + 1)..<max(n, k + 1) {
                let factor = m[i][k] / m[k][k]
                for j in k...n { m[i][j] -= factor * m[k][j] }
            }
        }
        var x = [Double](repeating: 0, count: n)
        for k in (0..<n).reversed() {
            var sum = m[k][n]
            for j in (k + 1)..<max(n, k + 1) { sum -= m[k][j] * x[j] }
            x[k] = sum / m[k][k]
        }
        return x
    }
}
