import NumericalMethods

/// How much the points of a pattern scatter from one to the next, beside what their variances say.
///
/// Sixth differences are blind to lines of three points of half width and more, however crowded they stand: a Gaussian of full width 6 steps
/// is left with a fiftieth of what independent noise is. What was smoothed or resampled scatters less than its variances say.
package struct PointScatter: Sendable {
    /// 1 where neighbours err independently by their variances; nil where there are too few points.
    package let ratio: Double?

    /// - Parameters:
    ///   - intensity: at equal steps.
    ///   - variance: of each point.
    ///   - fewest: points with a variance below which nothing is said.
    package init(_ intensity: [Double], variance: [Double], fewest: Int) {
        let order = Self.difference.count
        guard intensity.count >= order else {
            ratio = nil
            return
        }
        let shares = (0...(intensity.count - order)).compactMap { start -> Double? in
            var (sum, square) = (0.0, 0.0)
            for (k, weight) in Self.difference.enumerated() {
                sum += weight * intensity[start + k]
                square += weight * weight * variance[start + k]
            }
            return square > 0 && square.isFinite ? abs(sum) / square.squareRoot() : nil
        }
        ratio = shares.count >= fewest ? Statistics.median(shares) / Self.medianOfNormal : nil
    }

    /// Binomial coefficients with alternating signs.
    private static let difference: [Double] = [1, -6, 15, -20, 15, -6, 1]
    /// Of |x| where x is normal with unit deviation.
    private static let medianOfNormal = 0.6745
}
