import Foundation

/// Which of two models of one pattern the pattern prefers, the larger one's parameters counted.
///
/// Schwarz's criterion (Ann. Stat. 6 (1978) 461): Δχ² − ΔP ln n. χ² is in units of s², what free intensities leave for each
/// point, since nothing that they leave tells structures apart; and of the serial correlation, since residuals that run
/// together are one observation.
///
/// Intensities have errors that no structure explains (texture, extinction, another phase) and that are no smaller than what the better
/// model leaves beside free intensities. Of M intensities with an unknown error Δχ² becomes M ln(S₁/S₂), where S is what a model leaves beside
/// free intensities and M s² of noise: Δχ²/s² again where little is left (Schwarz's criterion with the error's size as a parameter).
package struct ModelComparison: Sendable {
    /// χ²/(N − P) of free intensities, at least 1 where the weights are those of counting.
    package var variance: Double
    package var correlation: Double
    package var points: Int
    /// χ² of free intensities and how many there are; nil where what they leave is not known.
    package var free: (chiSquared: Double, intensities: Int)?

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

    /// - Parameter weightedSquares: Σwy², in which χ² is Rwp².
    package init(
        _ misfit: StructuralMisfit, correlation: SerialCorrelation, points: Int, weightedSquares: Double
    ) {
        self.init(variance: misfit.freeReducedChiSquared, correlation: correlation, points: points)
        free = (misfit.freeRwp * misfit.freeRwp * weightedSquares, max(1, misfit.intensities))
    }

    /// 2 ln of the odds for the second model over the first; positive where the second is preferred.
    ///
    /// - Parameters:
    ///   - first: χ² and number of parameters.
    ///   - second: the same.
    package func evidence(
        for second: (chiSquared: Double, parameters: Int), over first: (chiSquared: Double, parameters: Int)
    ) -> Double {
        let independent = max(2, Double(points) / correlation)
        return gain(from: first.chiSquared, to: second.chiSquared) - Double(
            second.parameters - first.parameters) * log(independent)
    }

    private func gain(from first: Double, to second: Double) -> Double {
        let unit = variance * correlation
        guard let free else { return (first - second) / unit }
        let intensities = Double(free.intensities)
        func left(_ chiSquared: Double) -> Double {
            max(0, chiSquared - free.chiSquared) + intensities * unit
        }
        return intensities * log(left(first) / left(second))
    }
}
