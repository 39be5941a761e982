import Foundation

/// Whether ions of given radii fit into a perovskite ABX₃.
package enum ToleranceFactor: String, Sendable, Hashable, CaseIterable {
    /// t = (r_A + r_X)/(√2 (r_B + r_X)), Goldschmidt, Naturwissenschaften 14 (1926) 477; perovskites at 0.8 to 1.
    case goldschmidt
    /// τ = r_X/r_B − n_A (n_A − (r_A/r_B)/ln(r_A/r_B)), Bartel et al., Sci. Adv. 5 (2019) eaav0693; perovskites
    /// below 4.18. Defined for r_A > r_B.
    case bartel

    /// - Parameters:
    ///   - a: radius of A in Å; b and x likewise.
    ///   - charge: oxidation state of A.
    /// - Returns: nil where it is not defined.
    package func value(a: Double, b: Double, x: Double, charge: Double) -> Double? {
        switch self {
        case .goldschmidt: return (a + x) / (2.0.squareRoot() * (b + x))
        case .bartel:
            guard a > b, charge > 0 else { return nil }
            let ratio = a / b
            return x / b - charge * (charge - ratio / log(ratio))
        }
    }
}
