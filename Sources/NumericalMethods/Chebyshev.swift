/// Chebyshev polynomials of the first kind over a domain that is mapped on [−1, 1].
package struct Chebyshev: Sendable, Hashable {
    package let domain: ClosedRange<Double>

    /// - Parameter domain: of positive width.
    package init(domain: ClosedRange<Double>) {
        self.domain = domain
    }

    /// The domain mapped on [−1, 1].
    @inlinable package func reduced(_ x: Double) -> Double {
        let width = domain.upperBound - domain.lowerBound
        return width > 0 ? (2 * x - domain.lowerBound - domain.upperBound) / width : 0
    }

    /// T₀ … T_{count−1} at `x`.
    package func values(at x: Double, count: Int) -> [Double] {
        var t = [Double](repeating: 1, count: max(count, 0))
        let u = reduced(x)
        if count > 1 { t[1] = u }
        for k in 2..<max(count, 2) { t[k] = 2 * u * t[k - 1] - t[k - 2] }
        return t
    }

    /// Σ cₖ Tₖ(x), by Clenshaw's recurrence.
    package func value(at x: Double, coefficients: [Double]) -> Double {
        let u = reduced(x)
        var (b1, b2) = (0.0, 0.0)
        for c in coefficients.dropFirst().reversed() { (b1, b2) = (2 * u * b1 - b2 + c, b1) }
        return u * b1 - b2 + (coefficients.first ?? 0)
    }

    /// d/dx Σ cₖ Tₖ(x), by dTₖ/du = k U_{k−1}.
    package func derivative(at x: Double, coefficients: [Double]) -> Double {
        let u = reduced(x)
        var (previous, current, sum) = (0.0, 1.0, 0.0)
        for k in 1..<max(coefficients.count, 1) {
            sum += Double(k) * coefficients[k] * current
            (previous, current) = (current, 2 * u * current - previous)
        }
        return sum * 2 / (domain.upperBound - domain.lowerBound)
    }
}
