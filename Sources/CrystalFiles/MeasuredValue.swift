import Foundation

/// A number with its standard uncertainty, as crystallographers write it: 8.4821(4).
public struct MeasuredValue: Sendable, Hashable {
    public var value: Double
    /// One standard uncertainty in the unit of `value`; nil for an exact or unmeasured value.
    public var uncertainty: Double?

    public init(_ value: Double, uncertainty: Double? = nil) {
        self.value = value
        self.uncertainty = uncertainty
    }

    /// The uncertainty rounded to one digit, or two where they are 10 to 19 (the IUCr's "rule of 19"), and
    /// the value to the same decimal; without uncertainty the shortest text that reads back as the same
    /// number.
    public var text: String {
        guard let uncertainty, uncertainty > 0, uncertainty.isFinite, value.isFinite else {
            return "\(value)"
        }
        // Digits behind the point that leave 2 … 19 units of the last place.
        var decimals = 0
        while decimals < 15, uncertainty * pow(10, Double(decimals)) < 1.95 { decimals += 1 }
        let units = (uncertainty * pow(10, Double(decimals))).rounded()
        guard units >= 1, units < 1e15 else { return "\(value)" }
        let mantissa = String(format: "%.\(decimals)f", value)
        return "\(mantissa)(\(Int(units)))"
    }
}
