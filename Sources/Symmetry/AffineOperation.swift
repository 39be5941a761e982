import Crystallography
import NumericalMethods

/// A symmetry operation x ↦ R x + t whose translation is real: in a cell or about an origin that is in no table
/// (supercells, arbitrary origins).
public struct AffineOperation: Sendable, Hashable {
    public var rotation: IntegerMatrix3
    /// Fractions of the cell edges.
    public var translation: SIMD3<Double>

    public init(rotation: IntegerMatrix3, translation: SIMD3<Double>) {
        self.rotation = rotation
        self.translation = translation
    }

    public init(_ operation: SymmetryOperation) {
        rotation = operation.rotation
        translation = SIMD3<Double>(operation.translation) / Double(SymmetryOperation.denominator)
    }

    /// R x + t.
    public func apply(to position: SIMD3<Double>) -> SIMD3<Double> {
        Matrix3(rotation) * position + translation
    }
}
