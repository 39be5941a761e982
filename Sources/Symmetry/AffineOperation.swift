import Crystallography
import NumericalMethods

/// A symmetry operation x ↦ R x + t whose translation is real: in a cell or about an origin that is in no table
/// (supercells, arbitrary origins).
package struct AffineOperation: Sendable, Hashable {
    /// W, acting on column vectors of fractional coordinates.
    package var rotation: IntegerMatrix3
    /// Fractions of the cell edges.
    package var translation: SIMD3<Double>

    /// x → W x + w, with any w.
    package init(rotation: IntegerMatrix3, translation: SIMD3<Double>) {
        self.rotation = rotation
        self.translation = translation
    }

    /// The same operation with its translation as numbers.
    package init(_ operation: SymmetryOperation) {
        rotation = operation.rotation
        translation = SIMD3<Double>(operation.translation) / Double(SymmetryOperation.denominator)
    }

    /// R x + t.
    package func apply(to position: SIMD3<Double>) -> SIMD3<Double> {
        Matrix3(rotation) * position + translation
    }
}
