import Foundation

/// An axis of a plot: from where to where, linear or logarithmic, and where its ticks stand.
package struct PlotScale: Sendable, Hashable {
    package let low: Double
    package let high: Double
    /// Of positive numbers.
    package let isLogarithmic: Bool

    /// A range of length 0 is widened, so that there is something to draw in.
    package init(_ low: Double, _ high: Double, isLogarithmic: Bool = false) {
        let isSound = low.isFinite && high.isFinite && high > low
        (self.low, self.high) = isSound ? (low, high) : low.isFinite ? (low - 0.5, low + 0.5) : (0, 1)
        self.isLogarithmic = isLogarithmic && isSound && low > 0
    }

    /// 0 at the lower end, 1 at the upper one.
    package func share(of value: Double) -> Double {
        isLogarithmic
            ? log(max(value, 1e-300) / low) / log(high / low) : (value - low) / (high - low)
    }

    /// Four to eight at steps of 1, 2 or 5, or the powers of ten.
    package var ticks: [Double] {
        if isLogarithmic {
            let exponents =
                Int(
                    log10(low).rounded(.up))...max(
                    Int(log10(low).rounded(.up)), Int(log10(high).rounded(.down)))
            return exponents.map { pow(10, Double($0)) }.filter { $0 >= low && $0 <= high }
        }
        let rough = (high - low) / 6
        let power = pow(10, log10(rough).rounded(.down))
        let step = [1.0, 2.0, 5.0, 10.0].map { $0 * power }.first { $0 >= rough } ?? rough
        let first = (low / step).rounded(.up)
        var result: [Double] = []
        for k in 0...12 {
            let tick: Double = (first + Double(k)) * step
            guard tick <= high + 1e-9 * step else { break }
            // A zero that was reached by steps is a zero.
            result.append(abs(tick) < 1e-9 * step ? 0 : tick)
        }
        return result
    }

    /// With as many digits as a tick needs.
    package static func text(_ value: Double) -> String {
        String(format: "%.6g", value).replacing("-", with: "−")
    }
}
