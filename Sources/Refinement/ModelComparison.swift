import Foundation

/// Which of two models of one pattern the pattern prefers, the larger one's parameters counted.
///
/// Schwarz's criterion (Ann. Stat. 6 (1978) 461): Δχ² − ΔP ln n. χ² is in units of s², what free intensities leave for each
/// point, since nothing that they leave tells structures apart; and of the serial correlation, since residuals that run
/// together are one observation.
package struct ModelComparison: Sendable, Hashable {
    /// χ²/(N − P) of free intensities, at least 1 where the weights are those of counting.
    package var variance: Double
    package var correlation: Double
    package var points: Int

    /// Below it the pattern does not decide: 10 is "very strong" evidence (Kass & Raftery, J. Am. Stat. Assoc. 90 (1995)
    /// 773, table of 2 ln B).
    package static let decisive = 10.0
    /// Below it evidence is "not worth more than a bare mention" (the same table): of two such models the simpler is taken.
    package static let negligible = 2.0

    package init(variance: Double, correlation: SerialCorrelation, points: Int) {
        self.variance = max(variance, 1e-300)
        self.correlation = correlation.factor
        self.points = points
    }

    package init(_ misfit: StructuralMisfit, correlation: SerialCorrelation, points: Int) {
        self.init(variance: misfit.freeReducedChiSquared, correlation: correlation, points: points)
    }

    /// 2 ln of the odds for the second model over the first; positive where the second is preferred.
    ///
    /// - Parameters:
    ///   - first: χ² and number of parameters.
    ///   - second: the same.
    package func evidence(
        for second: (chiSquared: Double, parameters: Int), over first: (chiSquared: Double, parameters: Int)
    ) -> Double {
        let gain = (first.chiSquared - second.chiSquared) / (variance * correlation)
        let independent = max(2, Double(points) / correlation)
        return gain - Double(second.parameters - first.parameters) * log(independent)
    }
}
