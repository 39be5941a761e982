/// Numbers as files write them. `Double.init` alone would accept `nan`, `inf` and hexadecimal.
package enum TextNumber {
    /// A finite decimal number, with Fortran's `D` exponents too.
    package static func double(_ text: some StringProtocol) -> Double? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"),
                UInt8(ascii: "-"), UInt8(ascii: "e"), UInt8(ascii: "E"):
                bytes.append(byte)
            case UInt8(ascii: "d"), UInt8(ascii: "D"): bytes.append(UInt8(ascii: "e"))
            default: return nil
            }
        }
        guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// `5.1234(7)` is 5.1234 ± 0.0007; the uncertainty is nil without brackets.
    package static func measured(_ text: some StringProtocol) -> (value: Double, uncertainty: Double?)? {
        guard let open = text.firstIndex(of: "(") else { return double(text).map { ($0, nil) } }
        let number = text[..<open]
        let rest = text[text.index(after: open)...]
        // A missing bracket at the end is a common slip and leaves no doubt.
        let digits = rest.prefix { $0 != ")" }
        guard let value = double(number) else { return nil }
        guard let uncertainty = double(digits), uncertainty >= 0 else {
            return digits.isEmpty ? (value, nil) : nil
        }
        if digits.contains(".") { return (value, uncertainty) }
        let mantissa = number.prefix { $0 != "e" && $0 != "E" && $0 != "d" && $0 != "D" }
        let exponent = double(number.dropFirst(mantissa.count + 1)) ?? 0
        let decimals = mantissa.firstIndex(of: ".").map {
            mantissa.distance(from: $0, to: mantissa.endIndex) - 1
        }
        return (value, uncertainty * power(ofTen: Int(exponent.clamped(to: -400...400)) - (decimals ?? 0)))
    }

    private static func power(ofTen exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self {
        min(max(self, range.lowerBound), range.upperBound)
    }
}
