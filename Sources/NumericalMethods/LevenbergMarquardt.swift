import ExplainedErrors
import Foundation

/// The normal equations of a sum of squares χ² = rᵀr at one point: all that a step of least squares needs,
/// whatever the number of observations.
package struct NormalEquations: Sendable, Hashable {
    /// JᵀJ, P × P, both triangles.
    package var matrix: DenseMatrix
    /// Jᵀr, P (half the gradient of χ²).
    package var gradient: [Double]
    package var chiSquared: Double

    package init(parameterCount: Int) {
        matrix = DenseMatrix(rows: parameterCount, columns: parameterCount)
        gradient = [Double](repeating: 0, count: parameterCount)
        chiSquared = 0
    }

    package init(matrix: DenseMatrix, gradient: [Double], chiSquared: Double) {
        self.matrix = matrix
        self.gradient = gradient
        self.chiSquared = chiSquared
    }

    /// From residuals r [N] and their Jacobian ∂r/∂x [N × P].
    package init(residuals: [Double], jacobian: DenseMatrix) {
        matrix = jacobian.gram
        gradient = jacobian.transposeTimes(residuals)
        chiSquared = residuals.reduce(0) { $0 + $1 * $1 }
    }

    var isFinite: Bool {
        chiSquared.isFinite && gradient.allSatisfy(\.isFinite) && matrix.elements.allSatisfy(\.isFinite)
    }
}

/// Non-linear least squares by Levenberg–Marquardt steps with bounds (Marquardt 1963; damping after Nielsen
/// 1999; active set at the bounds).
///
/// A step solves (JᵀJ + λD) δ = −Jᵀr with D = diag(JᵀJ) + `diagonalFloor` · max diag(JᵀJ): Marquardt's scaling,
/// which a parameter without influence cannot escape.
package struct LevenbergMarquardt: Sendable {
    /// λ at the start.
    package var initialDamping = 1e-2
    /// Parameters of very different size either carry `scales`, or this is set to 0.
    package var diagonalFloor = 1e-4
    package var maximumIterations = 100
    /// Converged when a step changes χ² by less than this share.
    package var relativeTolerance = 1e-10
    /// Converged when every |δᵢ| is below this share of |xᵢ| + `scales[i]`.
    package var stepTolerance = 1e-10
    /// Converged when the cosine between r and every column of J is below this.
    package var gradientTolerance = 1e-12
    /// Typical size of each parameter, which weighs `diagonalFloor` and `stepTolerance`; nil for ones.
    package var scales: [Double]?
    /// The largest change of each parameter in one step; a longer step is shortened as a whole.
    package var stepLimits: [Double]?
    /// One range a parameter, infinite ends allowed.
    package var bounds: [ClosedRange<Double>]?

    package init() {}

    /// What the progress callback sees after every iteration.
    package struct Progress: Sendable {
        package let iteration: Int
        package let chiSquared: Double
        package let damping: Double
        package let parameters: [Double]
        /// False where the step was rejected.
        package let accepted: Bool
    }

    package enum Outcome: String, Sendable, Hashable {
        case converged
        case iterationLimit
        /// No step, however short, lowers χ²: usually converged to rounding.
        case noDescent
        /// The progress callback said so.
        case stopped
    }

    package struct Solution: Sendable {
        package var parameters: [Double]
        package var chiSquared: Double
        /// At `parameters`.
        package var normalEquations: NormalEquations
        package var iterations: Int
        package var outcome: Outcome
        /// Indices of parameters that ended at a bound which χ² presses against.
        package var atBounds: [Int]

        /// (JᵀJ)⁻¹ and what the data leave undetermined.
        package var covariance: Covariance { Covariance(normalEquations.matrix, excluding: Set(atBounds)) }

        /// Standard uncertainties √(C_ii · χ²/(N − P)); nil where the data do not determine the parameter.
        ///
        /// - Parameter observations: N; nil leaves out the factor χ²/(N − P), right where the residuals carry
        ///   true weights 1/σ.
        package func standardUncertainties(observations: Int? = nil) -> [Double?] {
            let free = parameters.count - atBounds.count
            let factor = observations.map { $0 > free ? chiSquared / Double($0 - free) : .nan } ?? 1
            return covariance.variances.map { variance in
                variance.flatMap { v in
                    let u = (v * factor).squareRoot()
                    return u.isFinite ? u : nil
                }
            }
        }
    }

    /// Minimises χ² given as normal equations.
    ///
    /// - Parameters:
    ///   - start: moved inside the bounds first.
    ///   - chiSquared: χ² alone, for trial points; without it `normalEquations` is called there too. A value
    ///     that is not finite rejects the step.
    ///   - normalEquations: fills JᵀJ (both triangles), Jᵀr and χ² at x.
    ///   - progress: false stops the run, which returns the best point so far.
    /// - Throws: what the closures throw, and `LeastSquaresError` where the start has no finite χ².
    package func minimize(
        from start: [Double], chiSquared: (([Double]) throws -> Double)? = nil,
        normalEquations: ([Double], inout NormalEquations) throws -> Void,
        progress: ((Progress) throws -> Bool)? = nil
    ) throws -> Solution {
        let count = start.count
        for (name, given) in [
            ("bounds", bounds?.count), ("scales", scales?.count), ("stepLimits", stepLimits?.count),
        ] {
            if let given, given != count { throw LeastSquaresError.counts(name, given, count) }
        }
        var x = clamped(start)
        var current = NormalEquations(parameterCount: count)
        try normalEquations(x, &current)
        guard current.isFinite else { throw LeastSquaresError.startNotFinite }
        var trial = NormalEquations(parameterCount: count)
        var damping = initialDamping
        var growth = 2.0
        var (iteration, outcome) = (0, Outcome.iterationLimit)
        if count == 0 || isStationary(x, current) { outcome = .converged }
        while outcome == .iterationLimit, iteration < maximumIterations {
            iteration += 1
            guard let step = step(from: x, current, damping: damping) else {
                damping = max(damping * 10, 1e-12)
                if damping > 1e20 { outcome = .noDescent }
                continue
            }
            let moved = clamped(zip(x, step).map(+))
            let delta = zip(moved, x).map(-)
            let predicted = predictedDecrease(current, delta)
            let small = (0..<count).allSatisfy { abs(delta[$0]) <= stepTolerance * (abs(x[$0]) + scale($0)) }
            if let chiSquared {
                trial.chiSquared = try chiSquared(moved)
            } else {
                try normalEquations(moved, &trial)
            }
            let decrease = current.chiSquared - trial.chiSquared
            let isBetter = decrease > 0 && predicted > 0
            if isBetter {
                if chiSquared != nil { try normalEquations(moved, &trial) }
            }
            let accepted = isBetter && trial.isFinite
            if accepted {
                let gain = min(decrease / predicted, 2)
                let shrink = 1 - (2 * gain - 1) * (2 * gain - 1) * (2 * gain - 1)
                damping = max(damping * max(0.1, shrink), 1e-20)
                growth = 2
                x = moved
                swap(&current, &trial)
                if decrease <= relativeTolerance * current.chiSquared || small || isStationary(x, current)
                    || current.chiSquared == 0
                {
                    outcome = .converged
                }
            } else {
                damping *= growth
                growth *= 2
                if small {
                    outcome = .converged
                } else if predicted <= 1e-15 * current.chiSquared || damping > 1e20 {
                    outcome = .noDescent
                }
            }
            if let progress {
                let report = Progress(
                    iteration: iteration, chiSquared: current.chiSquared, damping: damping, parameters: x,
                    accepted: accepted)
                if try !progress(report), outcome == .iterationLimit { outcome = .stopped }
            }
        }
        return Solution(
            parameters: x, chiSquared: current.chiSquared, normalEquations: current, iterations: iteration,
            outcome: outcome, atBounds: (0..<count).filter { isPressed($0, x, current) })
    }

    /// Minimises Σ rᵢ² with the residuals r [N] and their Jacobian ∂r/∂x [N × P] stored.
    ///
    /// - Parameters:
    ///   - residuals: r at x; always of the same count.
    ///   - jacobian: N × P at x.
    package func minimize(
        from start: [Double], residuals: ([Double]) throws -> [Double],
        jacobian: ([Double]) throws -> DenseMatrix, progress: ((Progress) throws -> Bool)? = nil
    ) throws -> Solution {
        try withoutActuallyEscaping(residuals) { residuals in
            try minimize(
                from: start, chiSquared: { x in try residuals(x).reduce(0) { $0 + $1 * $1 } },
                normalEquations: { x, normal in
                    normal = NormalEquations(residuals: try residuals(x), jacobian: try jacobian(x))
                }, progress: progress)
        }
    }

    private func scale(_ i: Int) -> Double { scales?[i] ?? 1 }

    private func clamped(_ x: [Double]) -> [Double] {
        guard let bounds else { return x }
        return zip(x, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    }

    /// At a bound, with χ² falling beyond it.
    private func isPressed(_ i: Int, _ x: [Double], _ normal: NormalEquations) -> Bool {
        guard let range = bounds?[i] else { return false }
        return (x[i] <= range.lowerBound && normal.gradient[i] > 0)
            || (x[i] >= range.upperBound && normal.gradient[i] < 0)
    }

    private func isStationary(_ x: [Double], _ normal: NormalEquations) -> Bool {
        x.indices.allSatisfy { i in
            isPressed(i, x, normal)
                || abs(normal.gradient[i])
                    <= gradientTolerance * (normal.matrix[i, i] * normal.chiSquared).squareRoot()
        }
    }

    /// −(2 gᵀδ + δᵀ A δ): by how much the quadratic model falls.
    private func predictedDecrease(_ normal: NormalEquations, _ delta: [Double]) -> Double {
        let curved = normal.matrix * delta
        return -zip(zip(normal.gradient, curved), delta).reduce(0.0) { $0 + (2 * $1.0.0 + $1.0.1) * $1.1 }
    }

    /// The damped step; parameters that would leave their range go to its end and the others are solved again.
    private func step(from x: [Double], _ normal: NormalEquations, damping: Double) -> [Double]? {
        let count = x.count
        var floor = 0.0
        for i in 0..<count { floor = max(floor, normal.matrix[i, i] * scale(i) * scale(i)) }
        floor *= diagonalFloor
        var free = (0..<count).filter { !isPressed($0, x, normal) }
        var delta = [Double](repeating: 0, count: count)
        for _ in 0...count where !free.isEmpty {
            var matrix = normal.matrix.selecting(rows: free, columns: free)
            var side = [Double](repeating: 0, count: free.count)
            for (k, i) in free.enumerated() {
                let damped = normal.matrix[i, i] + floor / (scale(i) * scale(i))
                // A parameter without any influence stays where it is.
                matrix[k, k] += damped > 0 ? damping * damped : 1
                side[k] = -normal.gradient[i]
            }
            let held = (0..<count).filter { delta[$0] != 0 && !free.contains($0) }
            for (k, i) in free.enumerated() {
                for j in held { side[k] -= normal.matrix[i, j] * delta[j] }
            }
            guard let solved = Self.solveScaled(matrix, side) else { return nil }
            for (k, i) in free.enumerated() { delta[i] = solved[k] }
            guard let bounds else { break }
            let leaving = free.filter { !bounds[$0].contains(x[$0] + delta[$0]) }
            if leaving.isEmpty { break }
            for i in leaving {
                let end = x[i] + delta[i] < bounds[i].lowerBound ? bounds[i].lowerBound : bounds[i].upperBound
                delta[i] = end - x[i]
            }
            free.removeAll(where: leaving.contains)
        }
        if let stepLimits {
            let share = (0..<count).reduce(1.0) {
                abs(delta[$1]) > 0 ? min($0, stepLimits[$1] / abs(delta[$1])) : $0
            }
            if share < 1 { delta = delta.map { $0 * share } }
        }
        return delta.allSatisfy(\.isFinite) ? delta : nil
    }

    /// Cholesky after scaling to a unit diagonal, so that units do not decide what counts as singular.
    private static func solveScaled(_ matrix: DenseMatrix, _ side: [Double]) -> [Double]? {
        var scaled = matrix
        let factors = matrix.diagonal.map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
        for i in 0..<matrix.rows {
            for j in 0..<matrix.rows { scaled[i, j] *= factors[i] * factors[j] }
        }
        // Not positive definite: the caller damps more.
        guard let factor = try? Cholesky(scaled) else { return nil }
        return zip(factor.solve(zip(side, factors).map(*)), factors).map(*)
    }
}

package enum LeastSquaresError: ExplainedError, Hashable {
    case startNotFinite
    case counts(String, Int, Int)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .startNotFinite:
            Explanation("the sum of squares or its derivatives at the start are not finite numbers")
        case .counts(let name, let given, let needed):
            Explanation("\(given) \(name) for \(needed) parameters")
        }
    }
}
