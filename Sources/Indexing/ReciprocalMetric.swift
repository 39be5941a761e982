import Crystallography
import Foundation
import NumericalMethods

/// The quadratic form Q(hkl) = 1/d² of a lattice, in Å⁻²: a*², b*², c*², and twice the products 2b*·c*, 2a*·c*, 2a*·b*.
package struct ReciprocalMetric: Sendable, Hashable, Codable {
    package var a, b, c, bc, ac, ab: Double

    package init(a: Double, b: Double, c: Double, bc: Double = 0, ac: Double = 0, ab: Double = 0) {
        (self.a, self.b, self.c, self.bc, self.ac, self.ab) = (a, b, c, bc, ac, ab)
    }

    /// Å⁻².
    package func q(_ h: Int, _ k: Int, _ l: Int) -> Double {
        let (h, k, l) = (Double(h), Double(k), Double(l))
        return h * (a * h + ab * k + ac * l) + k * (b * k + bc * l) + c * l * l
    }

    /// Of the metric tensor: 1/V².
    package var determinant: Double {
        a * b * c + (bc * ac * ab - a * bc * bc - b * ac * ac - c * ab * ab) / 4
    }

    package var isPositiveDefinite: Bool {
        a > 0 && b > 0 && c > 0 && 4 * a * b > ab * ab && determinant > 0
    }

    /// Å³ of the cell.
    package var volume: Double { 1 / determinant.squareRoot() }

    /// Squares of the cell's lengths, Å²: the diagonal of the direct metric, which bounds indices, h² ≤ Q·a².
    package var squaredLengths: SIMD3<Double> {
        SIMD3(b * c - bc * bc / 4, a * c - ac * ac / 4, a * b - ab * ab / 4) / determinant
    }

    /// Å⁻²; what each of the six is to be measured with: squares of the axes, and products of their lengths.
    var scales: [Double] { [a, b, c, (b * c).squareRoot(), (a * c).squareRoot(), (a * b).squareRoot()] }

    /// The cell in standard orientation.
    package var lattice: Lattice {
        let reciprocal = Matrix3(
            rows: SIMD3(a, ab / 2, ac / 2), SIMD3(ab / 2, b, bc / 2), SIMD3(ac / 2, bc / 2, c))
        let g = reciprocal.inverse
        let lengths = SIMD3(g[0, 0].squareRoot(), g[1, 1].squareRoot(), g[2, 2].squareRoot())
        func angle(_ cosine: Double) -> Double { acos(min(1, max(-1, cosine))) * 180 / .pi }
        return Lattice(
            a: lengths.x, b: lengths.y, c: lengths.z,
            alpha: angle(g[1, 2] / (lengths.y * lengths.z)), beta: angle(g[0, 2] / (lengths.x * lengths.z)),
            gamma: angle(g[0, 1] / (lengths.x * lengths.y)))
    }
}
