import Foundation
import NumericalMethods

/// Judges a trial by the lines: a few first, the parameters fitted to those that it explains, then more.
package struct LatticeEvaluation: Sendable {
    private let q: [Double]
    private let sigma: [Double]
    private let settings: IndexingSettings
    private let range: Double

    /// - Parameter lines: ascending in Q, at most as many as the settings take.
    package init(_ lines: [IndexingLine], _ settings: IndexingSettings) {
        q = lines.map(\.q)
        sigma = lines.map(\.qSigma)
        self.settings = settings
        range = (q.last ?? 1) - 0.5 * (q.first ?? 0)
    }

    /// The trial with its parameters fitted, or nil where it leaves too many lines unexplained.
    package func callAsFunction(_ trial: TrialLattice) -> ScoredLattice? {
        var trial = trial
        for (stage, wanted) in settings.stages.enumerated() {
            let count = min(wanted, q.count)
            guard
                let predicted = PredictedLines(
                    trial.lattice, trial.metric, upTo: q[count - 1] * 1.01, most: mostPredicted(count))
            else { return nil }
            let found = assignment(predicted, count, settings.tolerances[stage])
            guard count - found.count <= settings.missed[stage], found.count > trial.parameters.count,
                let better = fitted(trial, predicted, found)
            else { return nil }
            trial = better
        }
        return scored(trial)
    }

    private func mostPredicted(_ count: Int) -> Int { Int(Double(count) / settings.leastObservedShare) }

    struct Assigned {
        let line: Int
        let reflection: Int
    }

    /// The nearest reflection of each of the first lines that has one within the tolerance.
    private func assignment(_ predicted: PredictedLines, _ count: Int, _ tolerance: Double) -> [Assigned] {
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
        return (0..<count).compactMap {
            distance[$0] <= tolerance * sigma[$0] ? Assigned(line: $0, reflection: nearest[$0]) : nil
        }
    }

    /// Weighted least squares of the parameters on what is assigned.
    private func fitted(_ trial: TrialLattice, _ predicted: PredictedLines, _ found: [Assigned])
        -> TrialLattice?
    {
        let form = MetricForm(trial.lattice)
        let n = form.count
        var normal = DenseMatrix(rows: n, columns: n)
        var right = [Double](repeating: 0, count: n)
        for pair in found {
            let index = predicted.indices[pair.reflection]
            let row = form.row(Int(index.x), Int(index.y), Int(index.z))
            let weight = 1 / (sigma[pair.line] * sigma[pair.line])
            for r in 0..<n {
                right[r] += weight * row[r] * q[pair.line]
                for c in 0...r { normal.elements[r * n + c] += weight * row[r] * row[c] }
            }
        }
        do {
            return TrialLattice(trial.lattice, try Cholesky(normal).solve(right))
        } catch {
            // The lines do not determine the parameters: this is no explanation of them.
            return nil
        }
    }

    /// Each line is of the lattice (then near one of the predicted ones, all alike) or foreign (then anywhere).
    private func scored(_ trial: TrialLattice) -> ScoredLattice? {
        guard
            let predicted = PredictedLines(
                trial.lattice, trial.metric, upTo: (q.last ?? 0) * 1.002, most: mostPredicted(q.count))
        else { return nil }
        let found = assignment(predicted, q.count, settings.tolerances.last ?? 3.5)
        let distinct = predicted.distinct(resolution: sigma[q.count / 2])
        var score = Double(q.count - found.count) * log(settings.foreignShare)
        for pair in found {
            let s = sigma[pair.line]
            let z = (q[pair.line] - predicted.q[pair.reflection]) / s
            let height =
                (1 - settings.foreignShare) * range / (Double(distinct) * s * (2 * Double.pi).squareRoot())
            score += log(height) - z * z / 2
        }
        // Each fitted parameter explains by itself: half the logarithm of the lines twice, for value and choice of base lines.
        score -= Double(trial.parameters.count) * log(Double(q.count))
        return ScoredLattice(trial: trial, score: score, explained: found.count, predicted: distinct)
    }
}
