import CStructureFactors
import Foundation
import NumericalMethods

/// Which reflections enter a pattern, and with what weight near the end of it.
///
/// Every reflection that can reach the grid counts fully. Beyond, its weight falls smoothly (twice continuously
/// differentiable) from 1 to 0, so that a pattern whose peaks have no finite radius does not jump when a
/// reflection enters or leaves while the cell moves.
struct ReflectionRange {
    /// Radians: full weight below, none above.
    let fullTheta: Double
    let cutTheta: Double
    /// (sinθ/λ)² up to which reflections are listed: beyond the cut by a margin for a moving cell.
    let listLimit: Double
    /// Unlisted reflections stay beyond the cut while the reciprocal metric's smallest relative stretch is above.
    let smallestStretch: Double
    /// Degrees 2θ beyond the grid's end with full weight.
    let margin: Double

    /// Degrees 2θ over which the weight falls.
    private static let fade = 3.0
    private static let listMargin = 1.06

    init(end: Double, margin: Double, shortestWavelength: Double) {
        self.margin = margin
        let full = min(end + margin, 0.5 * (min(end, 179.8) + 179.8))
        let cut = min(full + Self.fade, 179.9)
        fullTheta = full * .pi / 360
        cutTheta = cut * .pi / 360
        let s = sin(cutTheta) / shortestWavelength
        listLimit = s * s * Self.listMargin * Self.listMargin
        smallestStretch = 1 / (Self.listMargin * Self.listMargin)
    }

    /// The weight at θ (radians) and its derivative.
    func weight(theta: Double) -> (value: Double, derivative: Double) {
        let span = cutTheta - fullTheta
        let t = (theta - fullTheta) / span
        guard t > 0 else { return (1, 0) }
        guard t < 1 else { return (0, 0) }
        return (1 - t * t * t * (10 + t * (6 * t - 15)), -30 * t * t * (1 - t) * (1 - t) / span)
    }

    /// A lower bound of G*_new relative to G*_listed.
    static func smallestStretch(listed metric: Matrix3, now reciprocal: Matrix3) -> Double {
        1 - (metric * reciprocal - .identity).frobeniusNorm
    }
}
