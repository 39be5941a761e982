import Foundation

/// A number with its standard uncertainty, as crystallographers write it: 8.4821(4).
package struct MeasuredValue: Sendable, Hashable {
    package var value: Double
    /// One standard uncertainty in the unit of `value`; nil for an exact or unmeasured value.
    package var uncertainty: Double?

    package init(_ value: Double, uncertainty: Double? = nil) {
        self.value = value
        self.uncertainty = uncertainty
    }

    /// Without what arithmetic leaves behind the last place that means anything: 0.4670000000000001 is 0.467.
    package init(rounding value: Double, decimals: Int) {
        let unit = pow(10, Double(decimals))
        self.init((value * unit).rounded() / unit)
    }

    /// The uncertainty rounded to one digit, or two where they are 10 to 19 (the IUCr's "rule of 19"), and
    /// the value to the same decimal; without uncertainty the shortest text that reads back as the same
    /// number. An uncertainty that is round-off is left out.
    package var text: String { written { Self.shortest($0) } }

    /// The same for a table that people read: six digits where there is no uncertainty, and 0 for what is round-off.
    package var shortText: String {
        written { abs($0) < 1e-13 ? "0.0" : Self.shortest(Double(String(format: "%.6g", $0)) ?? $0) }
    }

    private static func shortest(_ value: Double) -> String {
        let text = "\(value)"
        return text == "-0.0" ? "0.0" : text
    }

    private func written(plain: (Double) -> String) -> String {
        guard let uncertainty, uncertainty > 0, uncertainty.isFinite, value.isFinite else {
            return plain(value)
        }
        // Digits behind the point that leave 2 … 19 units of the last place.
        var decimals = 0
        while decimals <= Self.mostDecimals, uncertainty * pow(10, Double(decimals)) < 1.95 { decimals += 1 }
        guard decimals <= Self.mostDecimals else {
            let unit = pow(10, Double(Self.mostDecimals))
            return plain((value * unit).rounded() / unit)
        }
        let units = (uncertainty * pow(10, Double(decimals))).rounded()
        guard units >= 1, units < 1e15 else { return plain(value) }
        let mantissa = String(format: "%.\(decimals)f", value)
        return "\(mantissa)(\(Int(units)))"
    }

    /// An uncertainty below this place is the arithmetic's and nothing measured: a pattern without noise has it.
    private static let mostDecimals = 10
}
