/// A share of trials with its interval by Wilson's score (JASA 22 (1927) 209), which holds for few trials and for shares
/// near 0 and 1.
package struct WilsonInterval: Sendable, Hashable {
    package let successes: Int
    package let trials: Int

    /// Standard deviations of a normal distribution that hold 95 %.
    package static let deviations = 1.959_963_984_540_054

    package init(_ successes: Int, of trials: Int) {
        (self.successes, self.trials) = (successes, trials)
    }

    /// NaN without a trial.
    package var share: Double { Double(successes) / Double(trials) }

    /// 95 %; 0 to 1 without a trial.
    package var bounds: ClosedRange<Double> {
        guard trials > 0 else { return 0...1 }
        let (n, z) = (Double(trials), Self.deviations)
        let square = z * z / n
        let middle = (share + square / 2) / (1 + square)
        let half = z / (1 + square) * (share * (1 - share) / n + square / (4 * n)).squareRoot()
        // Rounding must not leave a share of 0 or 1 outside.
        let low = successes == 0 ? 0 : max(0, middle - half)
        return low...(successes == trials ? 1 : min(1, middle + half))
    }
}
