import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Refinement

/// A lattice proposed by the positions of the lines alone.
package struct CellCandidate: Sendable {
    package var lattice: Lattice
    /// Degrees 2θ, added to calculated positions.
    package var zero: Double
    /// Log-likelihood of the assignment against chance lines; higher is better.
    package var score: Double
    /// Number of lines that were assigned, of those offered.
    package var assigned: Int
}

/// Finds the lattice near a prior from line positions: a beam search over which reflection each line is, with a
/// Kalman filter for the reciprocal metric and the zero shift in every hypothesis.
///
/// Lines are taken in the order of Q. Every hypothesis branches to each reflection whose predicted Q lies near enough, and to
/// "not of this phase"; the best are kept.
package struct CellSearch: Sendable {
    package var settings: RecoverySettings.Cell

    package init(settings: RecoverySettings.Cell = RecoverySettings.Cell()) { self.settings = settings }

    /// - Parameters:
    ///   - peaks: ascending in Q.
    ///   - reflections: unique and not absent, up to well beyond the last line.
    package func callAsFunction(
        peaks: [Peak], prior: CellPrior, reflections: [SIMD3<Int>], wavelength: Double
    ) throws(CancellationError) -> [CellCandidate] {
        let peaks = Array(peaks.prefix(settings.lines))
        guard let last = peaks.last, let first = peaks.first else { return [] }
        let rows = reflections.map { prior.coefficients($0) }
        let range = (last.q - 0.5 * first.q) * settings.chanceRange
        var beam = [Hypothesis(prior: prior, zeroUncertainty: settings.zeroUncertainty)]
        let size = max(1e-12, prior.mean.map(abs).max() ?? 1)
        let width = settings.beamWidth(parameters: prior.count)
        for peak in peaks {
            try WorkLimit.check()
            beam = advance(
                beam, by: peak, rows: rows, range: range, last: last.q, wavelength: wavelength)
            beam = pruned(beam, to: width, size: size)
        }
        return beam.sorted { $0.score > $1.score }.compactMap { hypothesis in
            prior.lattice(Array(hypothesis.mean.dropLast())).map {
                CellCandidate(
                    lattice: $0, zero: hypothesis.mean[prior.count], score: hypothesis.score,
                    assigned: hypothesis.assigned)
            }
        }
    }

    private func advance(
        _ beam: [Hypothesis], by peak: Peak, rows: [[Double]], range: Double, last: Double,
        wavelength: Double
    ) -> [Hypothesis] {
        let variance = peak.qUncertainty * peak.qUncertainty
        let slope = Hypothesis.zeroSlope(twoTheta: peak.twoTheta, wavelength: wavelength)
        var next: [Hypothesis] = []
        next.reserveCapacity(beam.count * 3)
        for hypothesis in beam {
            var foreign = hypothesis
            foreign.score += log(settings.foreignShare / range)
            next.append(foreign)
            var predicted = 0
            var branches: [Hypothesis] = []
            for row in rows {
                let q = hypothesis.predictedQ(row)
                if q <= last * settings.predictedRange { predicted += 1 }
                guard abs(q - peak.q) < settings.window * peak.q else { continue }
                if let branch = hypothesis.updated(
                    row, slope: slope, q: peak.q, variance: variance, gate: settings.gate)
                {
                    branches.append(branch)
                }
            }
            let share = log((1 - settings.foreignShare) / Double(max(1, predicted)))
            for var branch in branches {
                branch.score += share
                next.append(branch)
            }
        }
        return next
    }

    /// The best hypotheses, of those with the same lattice only the best.
    private func pruned(_ hypotheses: [Hypothesis], to width: Int, size: Double) -> [Hypothesis] {
        var seen = Set<[Int32]>()
        var kept: [Hypothesis] = []
        for index in hypotheses.indices.sorted(by: { hypotheses[$0].score > hypotheses[$1].score }) {
            if seen.insert(hypotheses[index].key(size: size, settings)).inserted {
                kept.append(hypotheses[index])
                if kept.count == width { break }
            }
        }
        return kept
    }
}

/// One assignment of the lines so far: a Gaussian over (p, zero) and its score.
private struct Hypothesis {
    /// p then the zero shift in degrees.
    var mean: [Double]
    /// Row-major, symmetric.
    var covariance: [Double]
    var score = 0.0
    var assigned = 0

    init(prior: CellPrior, zeroUncertainty: Double) {
        let n = prior.count
        mean = prior.mean + [0]
        covariance = [Double](repeating: 0, count: (n + 1) * (n + 1))
        for i in 0..<n {
            for j in 0..<n { covariance[i * (n + 1) + j] = prior.covariance[i * n + j] }
        }
        covariance[(n + 1) * (n + 1) - 1] = zeroUncertainty * zeroUncertainty
    }

    /// ∂Q/∂(2θ) in Å⁻²/degree.
    static func zeroSlope(twoTheta: Double, wavelength: Double) -> Double {
        2 * sin(twoTheta * .pi / 180) / (wavelength * wavelength) * .pi / 180
    }

    func predictedQ(_ row: [Double]) -> Double {
        var q = 0.0
        for k in row.indices { q += row[k] * mean[k] }
        return q
    }

    /// The Kalman update by one assigned line; nil where it lies further off than so many standard deviations.
    func updated(
        _ row: [Double], slope: Double, q: Double, variance: Double, gate: Double
    ) -> Hypothesis? {
        let n = mean.count
        var gain = [Double](repeating: 0, count: n)
        var predicted = mean[n - 1] * slope
        for k in 0..<(n - 1) { predicted += row[k] * mean[k] }
        var total = variance
        for i in 0..<n {
            var sum = covariance[i * n + n - 1] * slope
            for k in 0..<(n - 1) { sum += covariance[i * n + k] * row[k] }
            gain[i] = sum
            total += sum * (i == n - 1 ? slope : row[i])
        }
        let difference = q - predicted
        guard difference * difference < gate * gate * total else { return nil }
        var next = self
        for i in 0..<n {
            next.mean[i] += gain[i] * difference / total
            for j in 0..<n { next.covariance[i * n + j] -= gain[i] * gain[j] / total }
        }
        next.score += -0.5 * difference * difference / total - 0.5 * log(2 * .pi * total)
        next.assigned += 1
        return next
    }

    /// The lattice on a grid of a small part of `size`: hypotheses that agree so far are one.
    ///
    /// - Parameter size: the same for all, else lattices that differ in scale alone would be one.
    func key(size: Double, _ settings: RecoverySettings.Cell) -> [Int32] {
        mean.dropLast().map { Int32(clamping: Int(($0 / size * settings.latticeGrid).rounded())) }
            + [Int32((mean[mean.count - 1] * settings.zeroGrid).rounded())]
    }
}
