import Foundation
import NumericalMethods

/// log p(pattern | symbol) of the symbols of a table, from one posterior of intensities.
package struct SymbolLikelihood {
    /// What the pattern says of one line, as the least restrictive symbol sees it.
    package struct Line: Sendable, Hashable {
        /// Intensity and its standard uncertainty without the line's own prior.
        package var intensity: Double
        package var sigma: Double
    }

    private let posterior: IntensityPosterior
    private let settings: ExtinctionSettings
    private let propagation: ExpectationPropagation
    private let unit: [Double]
    /// The least restrictive symbol's.
    private let base: ExpectationPropagation.Outcome
    private let baseMeans: [Double]

    /// - Parameter shares: of each line's reflections that the least restrictive symbol leaves.
    /// - Returns: nil where no line has an intensity.
    package init?(_ posterior: IntensityPosterior, shares: [Double], settings: ExtinctionSettings) {
        self.posterior = posterior
        self.settings = settings
        let means = LocalMean(posterior, shares: shares, window: settings.meanWindow).values
        guard means.contains(where: { $0 > 0 }) else { return nil }
        baseMeans = means
        let hessian = posterior.hessian
        unit = posterior.variables.enumerated().map { k, line in
            line.map { means[$0] } ?? 1 / max(hessian[k, k], 1e-300).squareRoot()
        }
        propagation = ExpectationPropagation(posterior, unit: unit, settings: settings)
        let priors = Self.priors(posterior, shares: shares, means: means, unit: unit, settings)
        guard let base = propagation(priors) else { return nil }
        self.base = base
    }

    /// log p(pattern | symbol), but for a constant of the pattern.
    ///
    /// - Parameter shares: of each line's reflections that the symbol leaves; 0 where the line is absent.
    /// - Parameter best: of the symbols that are known.
    package func callAsFunction(shares: [Double], beside best: Double = -.infinity) -> Double {
        let means = LocalMean(posterior, shares: shares, window: settings.meanWindow).values
        let priors = Self.priors(posterior, shares: shares, means: means, unit: unit, settings)
        return propagation(priors, from: base.sites, leavingBelow: best - settings.hopeless)?.logIntegral
            ?? -.infinity
    }

    /// Priors of the lines in the unit of their intensities.
    package func priors(shares: [Double]) -> [IntensityPrior] {
        let means = LocalMean(posterior, shares: shares, window: settings.meanWindow).values
        return means.indices.map { Self.prior(isAllowed: shares[$0] > 0, means[$0], settings) }
    }

    /// What the pattern says of each line.
    package var lines: [Line] {
        var lines = posterior.lines.map { _ in Line(intensity: 0, sigma: .infinity) }
        for (k, line) in posterior.variables.enumerated() {
            guard let line else { continue }
            lines[line] = Line(
                intensity: base.cavityMean[k] * unit[k], sigma: base.cavityVariance[k].squareRoot() * unit[k])
        }
        return lines
    }

    /// log p(line | absent) − log p(line | present) of each line by itself: above zero where it looks absent.
    package var absenceOdds: [Double] {
        var odds = posterior.lines.map { _ in 0.0 }
        for (k, line) in posterior.variables.enumerated() {
            guard let line else { continue }
            let mean = baseMeans[line] / unit[k]
            let (m, v) = (base.cavityMean[k], base.cavityVariance[k])
            odds[line] =
                Self.prior(isAllowed: false, mean, settings).tilted(mean: m, variance: v).logNorm
                - Self.prior(isAllowed: true, mean, settings).tilted(mean: m, variance: v).logNorm
        }
        return odds
    }

    private static func priors(
        _ posterior: IntensityPosterior, shares: [Double], means: [Double], unit: [Double],
        _ settings: ExtinctionSettings
    ) -> [IntensityPrior?] {
        posterior.variables.enumerated().map { k, line in
            line.map { prior(isAllowed: shares[$0] > 0, means[$0] / unit[k], settings) }
        }
    }

    private static func prior(
        isAllowed: Bool, _ mean: Double, _ settings: ExtinctionSettings
    ) -> IntensityPrior {
        guard isAllowed else {
            let count = Double(settings.foreignMeans.count)
            return IntensityPrior(
                presence: settings.foreignShare, means: settings.foreignMeans.map { $0 * mean },
                shares: settings.foreignMeans.map { _ in 1 / count })
        }
        return IntensityPrior(
            presence: 1 - settings.accidentalAbsence, means: settings.means.map { $0 * mean },
            shares: settings.shares)
    }
}

/// The mean intensity that a line is expected to have: of the reflections around it, times as many as it has.
private struct LocalMean {
    let values: [Double]

    init(_ posterior: IntensityPosterior, shares: [Double], window: Int) {
        let lines = posterior.lines
        let allowed = lines.indices.filter { shares[$0] > 0 }
        var intensities = [0.0]
        var counts = [0.0]
        for (k, line) in allowed.enumerated() {
            intensities.append(intensities[k] + posterior.best[line])
            counts.append(counts[k] + Double(lines[line].multiplicity) * shares[line])
        }
        let floor = 1e-6 * (posterior.best.max() ?? 0)
        var place = 0
        values = lines.indices.map { line in
            while place < allowed.count, allowed[place] < line { place += 1 }
            let low = max(0, min(place - window, allowed.count - 2 * window))
            let high = min(allowed.count, max(place + window, 2 * window))
            guard high > low else { return floor }
            let mean = (intensities[high] - intensities[low]) / (counts[high] - counts[low])
            // Of an absent line as many as would stand there.
            let share = shares[line] > 0 ? shares[line] : 1
            return max(mean * Double(lines[line].multiplicity) * share, floor)
        }
    }
}
