import Foundation
import NumericalMethods

/// Judges a trial by the lines: a few first, the parameters fitted to those that it explains, then more.
package struct LatticeEvaluation: Sendable {
    private let q: [Double]
    private let sigma: [Double]
    /// dQ of each line for a degree of zero; all 0 where no angles are known.
    private let slope: [Double]
    private let hasAngles: Bool
    /// Of each line, that it belongs to no lattice in question.
    private let foreign: [Double]
    private let isStrong: [Bool]
    private let screen: LineScreen
    private let settings: IndexingSettings
    private let range: Double

    /// - Parameter lines: ascending in Q, at most as many as the settings take.
    package init(_ lines: [IndexingLine], _ settings: IndexingSettings) {
        q = lines.map(\.q)
        sigma = lines.map(\.qSigma)
        slope = lines.map(\.zeroSlope)
        hasAngles = slope.contains { $0 > 0 }
        self.settings = settings
        let shares = settings.foreignShares(lines)
        (foreign, isStrong) = (shares, shares.map { $0 < settings.strongShare })
        screen = Self.screen(lines, settings)
        range = (q.last ?? 1) - 0.5 * (q.first ?? 0)
    }

    private static func screen(_ lines: [IndexingLine], _ settings: IndexingSettings) -> LineScreen {
        let strong = zip(lines, settings.foreignShares(lines)).filter { $0.1 < settings.strongShare }.map(\.0)
        let first = strong.prefix(settings.stages.first ?? 6)
        return LineScreen(
            first.map(\.q), tolerance: first.map { settings.firstReach($0) },
            missed: settings.missed.first ?? 2, most: Int(Double(first.count) / settings.leastObservedShare))
    }

    /// Whether enough of the first lines have a reflection near them for a closer look.
    func isPromising(_ trial: TrialLattice) -> Bool { screen.passes(trial) }

    /// The trial with its parameters and the zero fitted, or nil where it leaves too many lines unexplained.
    ///
    /// - Parameter zero: degrees 2θ, where it is known already.
    package func scored(_ trial: TrialLattice, zero: Double = 0) -> ScoredLattice? {
        guard isPromising(trial) else { return nil }
        return fitted(trial, zero: zero)
    }

    /// The same of a trial that is promising.
    func fitted(_ trial: TrialLattice, zero: Double = 0) -> ScoredLattice? {
        var state = State(
            trial: trial, zero: zero, q: zip(q, slope).map { $0 - $1 * zero }, logPrecision: 0)
        for (stage, wanted) in settings.stages.enumerated() {
            let count = min(wanted, q.count)
            guard
                let predicted = PredictedLines(
                    trial.lattice, state.trial.metric, upTo: q[count - 1] * 1.01, most: mostPredicted(count))
            else { return nil }
            let found = assignment(
                state.q, predicted, count, settings.tolerances[stage], zeroReach: settings.zeroReach[stage])
            let strong = isStrong.prefix(count).count { $0 }
            guard strong - found.count(where: { isStrong[$0.line] }) <= settings.missed[stage] else {
                return nil
            }
            // Lines that do not outnumber the parameters say nothing of them yet.
            guard found.count > trial.parameters.count else {
                if count == q.count { return nil }
                continue
            }
            let isLast = count == q.count
            guard let better = fitted(trial.lattice, predicted, found, near: isLast ? nil : state.trial)
            else { return nil }
            state = better
        }
        return scored(state)
    }

    /// A trial on the way: with the zero that goes with it, and the lines where they would stand without that.
    private struct State {
        var trial: TrialLattice
        var zero: Double
        var q: [Double]
        /// ln of the determinant of the normal equations.
        var logPrecision: Double
    }

    private func mostPredicted(_ count: Int) -> Int { Int(Double(count) / settings.leastObservedShare) }

    struct Assigned {
        let line: Int
        let reflection: Int
    }

    /// The nearest reflection of each of the first lines that has one within the tolerance.
    private func assignment(
        _ q: [Double], _ predicted: PredictedLines, _ count: Int, _ tolerance: Double, zeroReach: Double = 0
    ) -> [Assigned] {
        var nearest = [Int](repeating: -1, count: count)
        var distance = [Double](repeating: .infinity, count: count)
        for (j, value) in predicted.q.enumerated() {
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if q[middle] < value { low = middle + 1 } else { high = middle }
            }
            for i in [low - 1, low] where i >= 0 && i < count && abs(q[i] - value) < distance[i] {
                (nearest[i], distance[i]) = (j, abs(q[i] - value))
            }
        }
        let reach = zeroReach * settings.zeroUncertainty
        return (0..<count).compactMap {
            distance[$0] <= tolerance * sigma[$0] + reach * slope[$0]
                ? Assigned(line: $0, reflection: nearest[$0]) : nil
        }
    }

    /// Weighted least squares of the parameters, and of the zero with what is known of it, on what is assigned.
    ///
    /// - Parameter start: near which a triclinic lattice stays: the first lines may be of one zone or two, and say nothing of the rest.
    private func fitted(
        _ lattice: BravaisLattice, _ predicted: PredictedLines, _ found: [Assigned], near start: TrialLattice?
    ) -> State? {
        let form = MetricForm(lattice)
        let parameters = form.count
        let n = parameters + (hasAngles ? 1 : 0)
        var normal = DenseMatrix(rows: n, columns: n)
        var right = [Double](repeating: 0, count: n)
        for pair in found {
            let index = predicted.indices[pair.reflection]
            var row = form.row(Int(index.x), Int(index.y), Int(index.z))
            if hasAngles { row.append(slope[pair.line]) }
            let weight = 1 / (sigma[pair.line] * sigma[pair.line])
            for r in 0..<n {
                right[r] += weight * row[r] * q[pair.line]
                for c in 0...r { normal.elements[r * n + c] += weight * row[r] * row[c] }
            }
        }
        if let start, form == .triclinic {
            for (r, scale) in start.metric.scales.enumerated() {
                let weight = 1 / pow(settings.trialUncertainty * scale, 2)
                normal.elements[r * n + r] += weight
                right[r] += weight * start.parameters[r]
            }
        }
        if hasAngles {
            normal.elements[n * n - 1] += 1 / (settings.zeroUncertainty * settings.zeroUncertainty)
        }
        do {
            let factor = try Cholesky(normal)
            let solution = factor.solve(right)
            let zero = hasAngles ? solution[n - 1] : 0
            guard let trial = TrialLattice(lattice, Array(solution.prefix(parameters))) else { return nil }
            return State(
                trial: trial, zero: zero, q: zip(q, slope).map { $0 - $1 * zero },
                logPrecision: factor.logDeterminant)
        } catch {
            // The lines do not determine the parameters: this is no explanation of them.
            return nil
        }
    }

    /// ln of the share of what was thought possible of metric and zero that the lines leave (Laplace's approximation): what is free
    /// explains by itself.
    private func occam(_ state: State) -> Double {
        let metric =
            settings.metricPrior(state.trial) + Double(state.trial.parameters.count) / 2 * log(2 * .pi)
        return metric - state.logPrecision / 2 - (hasAngles ? log(settings.zeroUncertainty) : 0)
    }

    /// Each line is of the lattice (then near one of the predicted ones, all alike) or foreign (then anywhere).
    private func scored(_ state: State) -> ScoredLattice? {
        let trial = state.trial
        guard
            let predicted = PredictedLines(
                trial.lattice, trial.metric, upTo: (q.last ?? 0) * 1.002, most: mostPredicted(q.count))
        else { return nil }
        let found = assignment(state.q, predicted, q.count, settings.tolerances.last ?? 3.5)
        let distinct = predicted.distinct(resolution: sigma[q.count / 2])
        var score = foreign.reduce(0) { $0 + log($1) }
        for pair in found {
            let s = sigma[pair.line]
            let z = (state.q[pair.line] - predicted.q[pair.reflection]) / s
            let height = range / (Double(distinct) * s * (2 * Double.pi).squareRoot())
            score += log(height * (1 - foreign[pair.line]) / foreign[pair.line]) - z * z / 2
        }
        score += occam(state)
        score -= state.zero * state.zero / (2 * settings.zeroUncertainty * settings.zeroUncertainty)
        return ScoredLattice(
            trial: trial, zero: state.zero, score: score, explained: found.count, predicted: distinct)
    }
}
