import Foundation

/// What a pattern says of a lattice with free intensities at its lines, whatever they are: so that lattices with different numbers of
/// reflections can be compared.
///
/// Before the pattern is seen, a reflection is absent or has an intensity distributed as in a crystal without a centre
/// (Wilson, Acta Cryst. 2 (1949) 318: exponentially). So a reflection that nothing speaks for costs little, and one that stands out
/// costs as much as its intensity was not foreseen.
package struct FreeIntensityEvidence: Sendable {
    /// An intensity that was fitted.
    package struct Line: Sendable {
        package var intensity: Double
        /// Σwc² of its profile c of unit intensity: its intensity's 1/σ² where no other overlaps.
        package var precision: Double
        /// That there is one, beforehand.
        package var share: Double

        package init(intensity: Double, precision: Double, share: Double) {
            (self.intensity, self.precision, self.share) = (intensity, precision, share)
        }
    }

    /// Σw(y − yc)² that the reflections leave.
    private let chiSquared: Double
    /// Σwy² of the net pattern.
    private let norm: Double
    /// Of the lattice: present or not.
    private let reflections: [Line]

    /// - Parameters:
    ///   - chiSquared: Σw(y − yc)² that the reflections leave.
    ///   - norm: Σwy² of the net pattern.
    package init(chiSquared: Double, norm: Double, reflections: [Line]) {
        (self.chiSquared, self.norm) = (chiSquared, max(norm, 1e-300))
        self.reflections = reflections
    }

    /// No profile is known better than to a thousandth.
    private static let leastMisfit = 1e-6

    /// ln of the likelihood, up to what is the same for all lattices: the noise is as large as what is left.
    ///
    /// - Parameter observations: independent ones of the pattern.
    package func logarithm(observations: Double) -> Double {
        let misfit = max(Self.leastMisfit, chiSquared / norm)
        let noise = misfit * norm / observations
        func z(_ line: Line) -> Double { line.intensity * (line.precision / noise).squareRoot() }
        let seen = reflections.map(z)
        let clear = seen.filter { $0 > Self.standsOut }
        // Where none stands out, as if one just did.
        let usual = clear.isEmpty ? Self.standsOut : clear.reduce(0, +) / Double(clear.count)
        return -observations / 2 * log(misfit)
            + zip(seen, reflections).reduce(0) { $0 + Self.cost($1.0, usual: usual, share: $1.1.share) }
    }

    /// Standard uncertainties from which on an intensity tells how strong lines are.
    private static let standsOut = 3.0

    /// ln of the likelihood of a line, integrated over its intensity, over that with the best one.
    ///
    /// - Parameters:
    ///   - z: the best intensity, of the standard uncertainty 1.
    ///   - usual: mean of those that are present.
    ///   - share: that it is present.
    private static func cost(_ z: Double, usual: Double, share: Double) -> Double {
        // ∫ exp(−i/m)/m · exp(−(z − i)²/2) di over i > 0, divided by the largest value, 1.
        let shift = z - 1 / usual
        let above = 0.5 * erfc(-shift / 2.0.squareRoot())
        let present = (2 * Double.pi).squareRoot() / usual * exp(1 / (2 * usual * usual) - z / usual) * above
        return log(max((1 - share) * exp(-z * z / 2) + share * present, 1e-300))
    }
}
