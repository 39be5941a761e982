import Crystallography
import NumericalMethods

/// A crystallographic symmetry operation x ↦ R x + t/24, exact in integers.
///
/// Every translation of the 530 tabulated settings is a multiple of 1/24 (1/12 in fact; 1/24 leaves room
/// for origin shifts by 1/8 under a doubling).
public struct SymmetryOperation: Sendable, Hashable {
    /// The denominator of `translation`.
    public static let denominator = 24

    /// W, acting on column vectors of fractional coordinates.
    public var rotation: IntegerMatrix3
    /// In units of 1/24.
    public var translation: SIMD3<Int>

    /// x → W x + w/24; the translation in units of 1/24.
    public init(rotation: IntegerMatrix3, translation: SIMD3<Int> = .zero) {
        self.rotation = rotation
        self.translation = translation
    }

    /// x, y, z.
    public static let identity = SymmetryOperation(rotation: .identity)
    /// -x, -y, -z.
    public static let inversion = SymmetryOperation(rotation: -.identity)

    /// The operation with its translation in [0, 1).
    public var wrapped: SymmetryOperation {
        let n = SIMD3<Int>(repeating: Self.denominator)
        return SymmetryOperation(rotation: rotation, translation: ((translation % n) &+ n) % n)
    }

    /// First `other`, then `self`; not wrapped.
    public func combined(with other: SymmetryOperation) -> SymmetryOperation {
        SymmetryOperation(
            rotation: rotation * other.rotation,
            translation: rotation * other.translation &+ translation)
    }

    /// nil only for a rotation part that is not unimodular.
    public var inverse: SymmetryOperation? {
        guard let inverted = rotation.inverse else { return nil }
        return SymmetryOperation(rotation: inverted, translation: .zero &- inverted * translation)
    }

    /// R x + t.
    @inlinable public func apply(to position: SIMD3<Double>) -> SIMD3<Double> {
        Matrix3(rotation) * position + SIMD3<Double>(translation) / Double(Self.denominator)
    }
}
