import Foundation
import NumericalMethods

/// The functions of the angle that a background's coefficients multiply.
public enum BackgroundFunction: String, Sendable, Hashable, CaseIterable {
    /// Chebyshev polynomials of the first kind over the grid's range.
    case chebyshev
    /// n!/Q²ⁿ with n = 0, 1, 2…, Q = 4π sinθ/λ in Å⁻¹: what air scatters at low angles (function 5 of GSAS,
    /// Larson & Von Dreele, LAUR 86-748).
    case inverseQ = "inverse-q"

    /// One array for each term.
    ///
    /// - `twoTheta`: degrees, ascending.
    /// - `wavelength`: Å, of the first line.
    package func terms(_ count: Int, twoTheta: [Double], wavelength: Double) -> [[Double]] {
        var terms = [[Double]](repeating: [], count: count)
        guard let first = twoTheta.first, let last = twoTheta.last, count > 0 else { return terms }
        switch self {
        case .chebyshev:
            let domain = Chebyshev(domain: first...max(last, first + 1e-6))
            for x in twoTheta {
                let values = domain.values(at: x, count: count)
                for k in 0..<count { terms[k].append(values[k]) }
            }
        case .inverseQ:
            for x in twoTheta {
                // A beam stop covers what lies below.
                let q = 4 * .pi * sin(max(x, 0.1) * .pi / 360) / wavelength
                var value = 1.0
                for k in 0..<count {
                    terms[k].append(value)
                    value *= Double(k + 1) / (q * q)
                }
            }
        }
        return terms
    }
}
