import Foundation

/// Values with their standard uncertainty as crystallographers write them.
public enum StandardUncertainty {
    /// `8.4823(12)`: the uncertainty in units of the last place, between 2 and 19 (Acta Cryst.'s rule).
    ///
    /// Without an uncertainty (nil, zero, or not finite), the value to `places` decimals.
    public static func formatted(_ value: Double, _ uncertainty: Double?, places: Int = 5) -> String {
        guard value.isFinite else { return "?" }
        guard let u = uncertainty, u.isFinite, u > 0 else { return fixed(value, places) }
        // 1.95 is the largest that rounds to 19 or less with one place more.
        let exponent = Int(log10(u / 1.95).rounded(.down))
        if exponent >= 0 {
            let unit = pow(10, Double(exponent))
            let rounded = ((value / unit).rounded() * unit)
            return "\(fixed(rounded, 0))(\(fixed((u / unit).rounded() * unit, 0)))"
        }
        let digits = min(-exponent, 15)
        return "\(fixed(value, digits))(\(Int((u * pow(10, Double(digits))).rounded())))"
    }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        let text = String(format: "%.\(places)f", value)
        return text.contains(where: { $0 != "-" && $0 != "0" && $0 != "." })
            ? text : text.replacingOccurrences(of: "-", with: "")
    }
}
