import NumericalMethods
import Refinement

/// A powder pattern compressed to what its integrated intensities must satisfy.
///
/// With the profile matrix P (points × reflections), weights w and the background taken off, G = PᵀwP = UᵀU,
/// d = U⁻ᵀPᵀwy/√n and n = Σwy² give Rwp² = |s·Uv/√n − d|² + (1 − |d|²) for intensities v and a scale s: exact, and
/// a step no longer sees the points.
package struct CompressedProfile: Sendable {
    /// U/√n
    private let factor: BandedCholesky
    /// The reflections that the pattern sees, in the order of their first point.
    private let order: [Int]
    /// d
    package let target: [Double]
    /// 1 − |d|²: what no choice of intensities can explain.
    package let unexplained: Double

    /// Reflections that the pattern sees.
    package var count: Int { factor.count }

    /// - Parameters:
    ///   - columns: one for each reflection, nil for those outside the pattern.
    ///   - intensity: without background, one for each point.
    /// - Returns: nil where no reflection meets the pattern or the pattern is empty.
    package init?(columns all: [ProfileColumn?], intensity: [Double], weights: [Double]) {
        // Of a reflection among points that are left out nothing is seen; it would make G singular.
        let order = all.indices.filter { all[$0]?.isSeen(weights) == true }.sorted {
            (all[$0]?.start ?? 0) < (all[$1]?.start ?? 0)
        }
        self.order = order
        let columns = order.compactMap { all[$0] }
        let gram = BandedGram(columns, weights: weights)
        // Reflections that coincide exactly make G singular; the ridge is far below any noise.
        guard !columns.isEmpty,
            let factor = BandedCholesky(
                count: gram.count, bandwidth: gram.bandwidth, ridge: 1e-9, element: { gram[$0, $1] })
        else { return nil }
        let squares = zip(intensity, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        guard squares > 0 else { return nil }
        let norm = squares.squareRoot()
        self.factor = factor.scaled(by: 1 / norm)
        let projected = columns.map { $0.projection(of: intensity, weights: weights) }
        target = factor.lowerSolution(projected).map { $0 / norm }
        unexplained = max(0, 1 - target.reduce(0) { $0 + $1 * $1 })
    }

    /// U v/√n; `v` has one number for each reflection.
    package func compressed(_ v: [Double]) -> [Double] { factor.upperProduct(order.map { v[$0] }) }

    /// U v/√n of several `v`.
    package func compressed(_ vectors: [[Double]]) -> [[Double]] {
        factor.upperProducts(vectors, order: order)
    }
}
