import NumericalMethods

import Foundation

/// An exact fraction in lowest terms, its denominator positive.
///
/// The operators are for the small fractions of crystallography; they trap where a numerator or denominator leaves the
/// range of integers. What comes from a text is bounded by `largestInText` first.
package struct Rational: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// In lowest terms, with the sign.
    package let numerator: Int
    /// ≥ 1.
    package let denominator: Int

    /// `denominator` must not be zero.
    package init(_ numerator: Int, _ denominator: Int = 1) {
        let divisor = greatestCommonDivisor(numerator, denominator) * (denominator < 0 ? -1 : 1)
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// No coefficient or shift of a symmetry operation comes near it, and sums, products and determinants of such
    /// numbers stay far within the integers.
    static let largestInText = 10_000

    /// `3`, `-1/2`, or a decimal: one within 0.0006 of a multiple of 1/24 is taken for it (0.333, 0.6667). nil for
    /// anything else, and for numerators and denominators beyond `largestInText`.
    init?(text: some StringProtocol) {
        func bounded(_ digits: some StringProtocol) -> Int? {
            Int(digits).flatMap { (-Self.largestInText...Self.largestInText).contains($0) ? $0 : nil }
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let p = bounded(parts[0]), let q = bounded(parts[1]), q != 0 {
            self.init(p, q)
        } else if parts.count == 1, let integer = bounded(text) {
            self.init(integer)
        } else if parts.count == 1, let value = Double(String(text)), abs(value) < Double(Self.largestInText),
            abs(value * 24 - (value * 24).rounded()) < 0.0144
        {
            self.init(Int((value * 24).rounded()), 24)
        } else {
            return nil
        }
    }

    /// Such as "1/4", or "2".
    package var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    /// By value.
    package static func < (a: Rational, b: Rational) -> Bool {
        a.numerator * b.denominator < b.numerator * a.denominator
    }
    /// Exact; traps only beyond 64 bits.
    package static func + (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)
    }
    /// Exact; traps only beyond 64 bits.
    package static func - (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator)
    }
    /// Exact; traps only beyond 64 bits.
    package static func * (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.numerator, a.denominator * b.denominator)
    }
    /// `b` must not be zero.
    package static func / (a: Rational, b: Rational) -> Rational {
        Rational(a.numerator * b.denominator, a.denominator * b.numerator)
    }
}

extension Double {
    package init(_ value: Rational) { self = Double(value.numerator) / Double(value.denominator) }
}
