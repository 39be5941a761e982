import Foundation
import NumericalMethods

/// ∫ exp(−½xᵀHx + rᵀx) Π pᵢ(xᵢ) dx of correlated intensities with a prior for each, by expectation propagation
/// (Minka 2001): every prior is replaced by a normal factor that gives its intensity the same mean and variance beside
/// all others. Exact where H is diagonal; the tests compare correlated ones with integration by brute force.
struct ExpectationPropagation {
    /// Normal factors exp(bx − ½ax²), one for each variable.
    struct Sites {
        var precision: [Double]
        var shift: [Double]
    }

    /// What is known of the variables in the end.
    struct Outcome {
        /// log of the integral, but for a constant that the priors do not change.
        var logIntegral: Double
        var sites: Sites
        /// Mean and variance of each variable without its own prior: what data and the other lines say of it.
        var cavityMean: [Double]
        var cavityVariance: [Double]
        /// Passes until nothing moved.
        var passes: Int
    }

    private let hessian: SymmetricBand
    private let right: [Double]
    private let settings: ExtinctionSettings

    /// - Parameter unit: what a variable is counted in, so that all are about one.
    init(_ posterior: IntensityPosterior, unit: [Double], settings: ExtinctionSettings) {
        hessian = posterior.hessian.scaled(by: unit)
        right = zip(posterior.right, unit).map { $0 * $1 }
        self.settings = settings
    }

    /// - Parameters:
    ///   - priors: one for each variable in its unit; nil for a flat one.
    ///   - start: sites to begin with; nil for the priors' own moments.
    ///   - floor: of log L below which nobody asks how far.
    func callAsFunction(
        _ priors: [IntensityPrior?], from start: Sites? = nil, leavingBelow floor: Double = -.infinity
    ) -> Outcome? {
        var sites = start ?? Self.initial(priors)
        var previous = -Double.infinity
        var outcome: Outcome?
        for pass in 1...settings.mostPasses {
            guard let marginals = Marginals(hessian, right, sites) else { return outcome }
            let (step, logIntegral) = update(priors, sites, marginals, damping: damping(pass))
            outcome = Outcome(
                logIntegral: logIntegral, sites: sites, cavityMean: step.cavityMean,
                cavityVariance: step.cavityVariance, passes: pass)
            if pass > 2, abs(logIntegral - previous) < settings.passTolerance { break }
            if pass > 1, logIntegral < floor { break }
            previous = logIntegral
            sites = step.sites
        }
        return outcome
    }

    /// Sites of overlapping lines that may be absent swing: the longer it takes, the smaller the steps.
    private func damping(_ pass: Int) -> Double {
        settings.damping * pow(0.5, Double((pass - 1) / Self.patience))
    }

    /// Passes after which steps are halved.
    private static let patience = 6

    private static func initial(_ priors: [IntensityPrior?]) -> Sites {
        var sites = Sites(precision: [], shift: [])
        for prior in priors {
            guard let (mean, variance) = prior?.moments else {
                sites.precision.append(flat)
                sites.shift.append(0)
                continue
            }
            sites.precision.append(1 / variance)
            sites.shift.append(mean / variance)
        }
        return sites
    }

    /// Precision of a flat prior, in units of what the data give: keeps the matrix definite where a knot sees no point.
    private static let flat = 1e-8
    /// Least precision that data are taken to give, in the variable's unit: of a line that no point sees.
    private static let leastPrecision = 1e-9
    /// Least precision of a site: a prior of several peaks may ask for a negative one.
    private static let leastSite = 1e-7

    /// Share of a variance that a prior may narrow it to: a line that is absent has none, and the difference of its marginal's
    /// and its site's precision would be lost in rounding.
    private static let leastNarrowing = 0.01

    private struct Marginals {
        let mean: [Double]
        let variance: [Double]
        /// log ∫ exp(−½xᵀAx + uᵀx) dx, but for 2π.
        let logGaussian: Double

        init?(_ hessian: SymmetricBand, _ right: [Double], _ sites: Sites) {
            let factor = BandedCholesky(count: hessian.count, bandwidth: hessian.bandwidth) { i, j in
                i == j ? hessian[i, j] + sites.precision[i] : hessian[i, j]
            }
            guard let factor else { return nil }
            let u = zip(right, sites.shift).map { $0 + $1 }
            mean = factor.upperSolution(factor.lowerSolution(u))
            variance = factor.inverseDiagonal
            logGaussian = (zip(u, mean).reduce(0) { $0 + $1.0 * $1.1 } - factor.logDeterminant) / 2
        }
    }

    private struct Step {
        var sites: Sites
        var cavityMean: [Double]
        var cavityVariance: [Double]
    }

    private func update(
        _ priors: [IntensityPrior?], _ sites: Sites, _ marginals: Marginals, damping: Double
    ) -> (Step, logIntegral: Double) {
        var step = Step(sites: sites, cavityMean: marginals.mean, cavityVariance: marginals.variance)
        var logIntegral = marginals.logGaussian
        for (j, prior) in priors.enumerated() {
            guard let prior else { continue }
            let (a, b) = (sites.precision[j], sites.shift[j])
            let precision = max(1 / marginals.variance[j] - a, Self.leastPrecision)
            let variance = 1 / precision
            let weighted = marginals.mean[j] / marginals.variance[j] - b
            let mean = variance * weighted
            step.cavityMean[j] = mean
            step.cavityVariance[j] = variance
            let tilted = prior.tilted(mean: mean, variance: variance)
            // Replaces the normalised site by one of the prior's own integral.
            let joined = weighted + b
            logIntegral +=
                tilted.logNorm + 0.5 * log(1 + a * variance)
                - 0.5 * (joined * joined / (precision + a) - weighted * weighted / precision)
            let narrowed = max(tilted.variance, Self.leastNarrowing * variance)
            let site = max(1 / narrowed - precision, Self.leastSite)
            let shift = tilted.mean * (site + precision) - weighted
            step.sites.precision[j] = a + damping * (site - a)
            step.sites.shift[j] = b + damping * (shift - b)
        }
        return (step, logIntegral)
    }
}
