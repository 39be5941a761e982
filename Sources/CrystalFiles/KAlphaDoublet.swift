import Crystallography

extension Radiation {
    /// Kα1 and Kα2 as instrument files give them; Kα1 alone where Kα2 or its share is 0 or missing.
    package static func doublet(alpha1: Double?, alpha2: Double?, ratio: Double?) -> Radiation? {
        guard let alpha1, alpha1 > 0 else { return nil }
        guard let alpha2, alpha2 > alpha1, let ratio, ratio > 0 else {
            return Radiation(.xray, wavelength: alpha1)
        }
        return Radiation(
            .xray, first: SpectralLine(wavelength: alpha1),
            others: [SpectralLine(wavelength: alpha2, weight: ratio)])
    }
}

/// σ of counts that an absorber of known factor in the beam has weakened: I = f·n, σ = f·√n.
package enum AbsorberStatistics {
    /// nil where no absorber was used: plain counting statistics need no σ.
    package static func sigma(intensity: [Double], factor: [Double]) -> [Double]? {
        guard factor.count == intensity.count, factor.contains(where: { $0 != 1 }),
            factor.allSatisfy({ $0 > 0 })
        else { return nil }
        return zip(intensity, factor).map { ($1 * max($0, $1)).squareRoot() }
    }
}
