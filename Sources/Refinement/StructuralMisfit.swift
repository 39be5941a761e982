import Crystallography
import Diffraction

/// What a structure leaves unexplained that free intensities of the same cell explain, with noise and parameters counted.
///
/// A raw Rwp mixes three things: noise, what no structure could explain (profiles, background, another phase) and the
/// structure itself. Free intensities on the same profiles (Pawley 1981) have the first two only, so the difference of the
/// two χ² is the structure's. Noise alone would make it (P_free − P) s², with s² = χ²_free/(N − P_free), and scatter it by
/// s² √(2 (P_free − P)); both are taken off.
package struct StructuralMisfit: Sendable, Hashable {
    /// How much more than it, two standard deviations of noise on either side, the structure leaves: as a share of the
    /// weighted intensity above the background, √(Δχ²/Σw(y − b)²), so that it compares with an R factor of intensities.
    package let share: ClosedRange<Double>
    /// Rwp with free intensities, background included; what no atoms could improve.
    package let freeRwp: Double
    /// χ²/(N − P) with free intensities: 1 where only noise is left.
    package let freeReducedChiSquared: Double
    /// Of the intensities that are not zero.
    package let intensities: Int

    /// - Parameters:
    ///   - result: a refined structure.
    ///   - iterations: of the refinement with free intensities, from the structure's profiles on.
    /// - Throws: what a refinement throws.
    package static func measured(
        _ result: RietveldRefinement.Result, pattern: PowderPattern, weights: [Double],
        bounds: [String: ClosedRange<Double>] = [:], iterations: Int = 12
    ) throws -> StructuralMisfit {
        let profile = result.refined.map(\.parameter.name).filter { name in
            let last = name.split(separator: ".").last.map(String.init) ?? name
            // A wavelength that several patterns share is no parameter of one.
            return last != "scale" && result.model[name] != nil
                && (!result.model.belongsToStructure(name) || latticeNames.contains(last))
        }
        var refinement = RietveldRefinement()
        refinement.freeIntensities = true
        refinement.iterations = iterations
        refinement.convergence = 1e-4
        refinement.bounds = bounds
        let free = try refinement.refine(result.model, pattern: pattern, weights: weights, free: profile)
        let own = chiSquared(result, pattern, weights)
        return StructuralMisfit(
            structure: own, parameters: result.statistics.parameters,
            free: min(own, chiSquared(free, pattern, weights)),
            freeParameters: free.statistics.parameters, points: free.statistics.points,
            signal: signal(free, pattern, weights),
            all: zip(pattern.intensity, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 })
    }

    /// From the χ² of both, their numbers of parameters, the number of points, Σw(y − b)² of the
    /// pattern and Σwy² (nil: the same).
    package init(
        structure: Double, parameters: Int, free: Double, freeParameters: Int, points: Int, signal: Double,
        all: Double? = nil
    ) {
        let freedom = Double(max(1, points - freeParameters))
        let more = Double(max(1, freeParameters - parameters))
        let variance = free / freedom
        let excess = structure - free - more * variance
        // χ² of `more` degrees, and the cross term of an excess that is there.
        let scatter = (2 * more * variance * variance + 4 * max(0, excess) * variance).squareRoot()
        // The noise's own share is no signal.
        let net = max(1e-300, signal - variance * Double(points))
        func root(_ x: Double) -> Double { (max(0, x) / net).squareRoot() }
        share = root(excess - 2 * scatter)...root(excess + 2 * scatter)
        freeReducedChiSquared = variance
        intensities = max(0, freeParameters - parameters)
        freeRwp = (free / max(all ?? signal, 1e-300)).squareRoot()
    }

    private static let latticeNames: Set<String> = ["a", "b", "c", "alpha", "beta", "gamma"]

    private static func chiSquared(
        _ result: RietveldRefinement.Result, _ pattern: PowderPattern, _ weights: [Double]
    ) -> Double {
        pattern.intensity.indices.reduce(0) { sum, i in
            let difference = pattern.intensity[i] - result.calculated[i]
            return sum + weights[i] * difference * difference
        }
    }

    private static func signal(
        _ result: RietveldRefinement.Result, _ pattern: PowderPattern, _ weights: [Double]
    ) -> Double {
        pattern.intensity.indices.reduce(0) { sum, i in
            let net = pattern.intensity[i] - result.background[i]
            return sum + weights[i] * net * net
        }
    }
}
