import Foundation

/// ln of how likely a pattern is with free intensities at the lines of a lattice, whatever they are: what lets lattices with different
/// numbers of reflections be compared.
///
/// Before the pattern is seen, a reflection is absent or has an intensity distributed as in a crystal without a centre
/// (Wilson, Acta Cryst. 2 (1949) 318: exponentially); the noise is as large as what is left. So a reflection that nothing speaks for costs
/// little, and one that stands out costs as much as its intensity was not foreseen.
package struct FreeIntensityEvidence: Sendable {
    /// Independent ones of the pattern.
    package var observations: Double
    /// Of the reflections, that are not absent.
    package var presentShare: Double
    /// Rwp² below which a fit counts as no better.
    package var leastMisfit: Double

    package init(observations: Double, presentShare: Double, leastMisfit: Double) {
        self.observations = observations
        (self.presentShare, self.leastMisfit) = (presentShare, leastMisfit)
    }

    /// - Parameter norm: Σwy² of the net pattern.
    package func logarithm(of fit: PawleyFit.Result, norm: Double) -> Double {
        let misfit = max(fit.rwp * fit.rwp, leastMisfit)
        // Intensities in units of their uncertainties, with a noise of what is left for each observation.
        let noise = misfit * norm / observations
        let seen = zip(fit.intensities, fit.precisions).filter { $0.1 > 0 }.map { intensity, precision in
            intensity * (precision / max(noise, 1e-300)).squareRoot()
        }
        let usual = Self.usual(seen)
        return -0.5 * observations * log(misfit) + seen.reduce(0) { $0 + cost($1, usual: usual) }
    }

    /// ln of the likelihood of a reflection, integrated over its intensity, over that with the best one.
    ///
    /// - Parameters:
    ///   - z: the best intensity, of the standard uncertainty 1.
    ///   - usual: mean of those that are present.
    private func cost(_ z: Double, usual: Double) -> Double {
        // ∫ exp(−i/m)/m · exp(−(z − i)²/2) di over i > 0, divided by the largest value, 1.
        let shift = z - 1 / usual
        let above = 0.5 * erfc(-shift / 2.0.squareRoot())
        let present = (2 * Double.pi).squareRoot() / usual * exp(1 / (2 * usual * usual) - z / usual) * above
        return log((1 - presentShare) * exp(-z * z / 2) + presentShare * present)
    }

    /// Mean of the intensities that stand out; where none does, as if one just did.
    private static func usual(_ seen: [Double]) -> Double {
        let clear = seen.filter { $0 > 3 }
        return clear.isEmpty ? 3 : clear.reduce(0, +) / Double(clear.count)
    }
}
