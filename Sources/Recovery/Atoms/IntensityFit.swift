import Foundation
import NumericalMethods
import Refinement

/// Integrated intensities v (multiplicity · Lorentz–polarisation · |F|²) as a function of a few parameters.
package protocol IntensityModel {
    var parameterCount: Int { get }
    var reflectionCount: Int { get }
    /// Fills `v` and, where asked, the Jacobian ∂v/∂u, one row of `v.count` numbers for each parameter.
    func evaluate(_ u: [Double], into v: inout [Double], jacobian: inout [[Double]], derivatives: Bool)
}

/// One minimum of the misfit between intensities and pattern.
package struct IntensityMinimum: Sendable {
    package var parameters: [Double]
    /// Rwp of the pattern without its background, 0…1.
    package var rwp: Double
    package var scale: Double
}

/// Levenberg–Marquardt on compressed intensities, the scale projected out (Kaufman 1975).
package struct IntensityFit: Sendable {
    package var settings: RecoverySettings.Atoms

    package init(settings: RecoverySettings.Atoms = RecoverySettings.Atoms()) { self.settings = settings }

    package func callAsFunction(
        _ model: some IntensityModel, _ profile: CompressedProfile, from start: [Double],
        steps: [Double], bounds: [ClosedRange<Double>]
    ) -> IntensityMinimum {
        let count = model.parameterCount
        var u = start
        var v = [Double](repeating: 0, count: model.reflectionCount)
        var jacobian = [[Double]](repeating: v, count: count)
        var state = State(model, profile, u, &v, &jacobian)
        var damping = settings.damping
        for _ in 0..<settings.iterations where !WorkLimit.isOver {
            let normal = state.normalEquations(profile, jacobian)
            var improved = false
            for _ in 0..<settings.dampingTrials {
                guard let step = solve(normal, damping: damping) else { break }
                let trial = u.indices.map { k in
                    let limited = max(-steps[k], min(steps[k], step[k]))
                    return max(bounds[k].lowerBound, min(bounds[k].upperBound, u[k] + limited))
                }
                var trialIntensities = v
                var unused: [[Double]] = []
                model.evaluate(trial, into: &trialIntensities, jacobian: &unused, derivatives: false)
                let cost = State.cost(profile, trialIntensities).cost
                if cost < state.cost {
                    let gain = (state.cost - cost) / max(state.cost, 1e-30)
                    u = trial
                    damping = max(1e-9, damping / settings.dampingFall)
                    improved = gain > settings.convergence
                    state = State(model, profile, u, &v, &jacobian)
                    break
                }
                damping *= settings.dampingRise
            }
            guard improved, state.cost > 1e-14 else { break }
        }
        return IntensityMinimum(
            parameters: u, rwp: (state.cost + profile.unexplained).squareRoot(), scale: state.scale)
    }

    /// |s U v − d|² at u, the scale fitted; what no intensities can explain is left out.
    package func misfit(_ model: some IntensityModel, _ profile: CompressedProfile, at u: [Double]) -> Double
    {
        var v = [Double](repeating: 0, count: model.reflectionCount)
        var unused: [[Double]] = []
        model.evaluate(u, into: &v, jacobian: &unused, derivatives: false)
        return State.cost(profile, v).cost
    }

    private struct State {
        var scale: Double
        var residual: [Double]
        /// Unit vector along U v.
        var direction: [Double]
        /// |s U v − d|².
        var cost: Double

        init(
            _ model: some IntensityModel, _ profile: CompressedProfile, _ u: [Double], _ v: inout [Double],
            _ jacobian: inout [[Double]]
        ) {
            model.evaluate(u, into: &v, jacobian: &jacobian, derivatives: true)
            self = Self.cost(profile, v)
        }

        private init(scale: Double, residual: [Double], direction: [Double], cost: Double) {
            (self.scale, self.residual, self.direction, self.cost) = (scale, residual, direction, cost)
        }

        static func cost(_ profile: CompressedProfile, _ v: [Double]) -> State {
            var a = profile.compressed(v)
            let square = product(a, a)
            let scale = square > 0 ? max(0, product(a, profile.target) / square) : 0
            var residual = profile.target
            for i in a.indices { residual[i] = scale * a[i] - residual[i] }
            let length = max(square.squareRoot(), 1e-300)
            for i in a.indices { a[i] /= length }
            return State(
                scale: scale, residual: residual, direction: a, cost: product(residual, residual))
        }

        /// In four partial sums, so that additions need not wait for each other.
        private static func product(_ a: [Double], _ b: [Double]) -> Double {
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    var sums = SIMD4<Double>.zero
                    let count = min(a.count, b.count)
                    var i = 0
                    while i + 4 <= count {
                        let x = SIMD4<Double>(a[i], a[i + 1], a[i + 2], a[i + 3])
                        let y = SIMD4<Double>(b[i], b[i + 1], b[i + 2], b[i + 3])
                        sums += x * y
                        i += 4
                    }
                    var rest = 0.0
                    while i < count {
                        rest += a[i] * b[i]
                        i += 1
                    }
                    return sums.sum() + rest
                }
            }
        }

        /// JᵀJ (row-major) and Jᵀr with J = s (1 − â âᵀ) U ∂v/∂u.
        func normalEquations(_ profile: CompressedProfile, _ jacobian: [[Double]]) -> (
            matrix: [Double], right: [Double]
        ) {
            let count = jacobian.count
            let columns = profile.compressed(jacobian).map { column -> [Double] in
                var a = column
                let along = Self.product(a, direction)
                for i in a.indices { a[i] = scale * (a[i] - along * direction[i]) }
                return a
            }
            var matrix = [Double](repeating: 0, count: count * count)
            var right = [Double](repeating: 0, count: count)
            for i in 0..<count {
                for j in i..<count {
                    let sum = Self.product(columns[i], columns[j])
                    matrix[i * count + j] = sum
                    matrix[j * count + i] = sum
                }
                right[i] = Self.product(columns[i], residual)
            }
            return (matrix, right)
        }
    }

    /// −(A + λ(diag A + ε max diag A))⁻¹ b by Cholesky; nil where not positive definite.
    private func solve(_ normal: (matrix: [Double], right: [Double]), damping: Double) -> [Double]? {
        let n = normal.right.count
        let largest = (0..<n).map { normal.matrix[$0 * n + $0] }.max() ?? 0
        guard largest > 0 else { return nil }
        let factor = BandedCholesky(count: n, bandwidth: n - 1) { i, j in
            let value = normal.matrix[i * n + j]
            return i == j ? value + damping * (value + settings.dampingFloor * largest) : value
        }
        guard let factor else { return nil }
        return factor.upperSolution(factor.lowerSolution(normal.right)).map { -$0 }
    }
}
