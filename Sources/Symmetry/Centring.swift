import NumericalMethods

/// The centring letter of a Hermann–Mauguin symbol and its vectors.
public enum Centring: String, Sendable, Hashable, CaseIterable, Codable {
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case P, A, B, C, I, R, F

    /// Lattice vectors in [0, 1)³ in units of 1/24, zero first; R in the obverse setting.
    public var vectors: [SIMD3<Int>] {
        switch self {
        case .P: [.zero]
        case .A: [.zero, SIMD3(0, 12, 12)]
        case .B: [.zero, SIMD3(12, 0, 12)]
        case .C: [.zero, SIMD3(12, 12, 0)]
        case .I: [.zero, SIMD3(12, 12, 12)]
        case .R: [.zero, SIMD3(16, 8, 8), SIMD3(8, 16, 16)]
        case .F: [.zero, SIMD3(0, 12, 12), SIMD3(12, 0, 12), SIMD3(12, 12, 0)]
        }
    }
}

extension Centring {
    /// Columns: a primitive basis on the conventional one (spglib's choice; obverse for R).
    package var primitiveBasis: Matrix3 {
        switch self {
        case .P: .identity
        case .A: Matrix3(rows: SIMD3(1, 0, 0), SIMD3(0, 0.5, -0.5), SIMD3(0, 0.5, 0.5))
        case .B: Matrix3(rows: SIMD3(0.5, 0, -0.5), SIMD3(0, 1, 0), SIMD3(0.5, 0, 0.5))
        case .C: Matrix3(rows: SIMD3(0.5, 0.5, 0), SIMD3(-0.5, 0.5, 0), SIMD3(0, 0, 1))
        case .I: Matrix3(rows: SIMD3(-0.5, 0.5, 0.5), SIMD3(0.5, -0.5, 0.5), SIMD3(0.5, 0.5, -0.5))
        case .F: Matrix3(rows: SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0))
        case .R:
            (1.0 / 3)
                * Matrix3(rows: SIMD3(2, -1, -1), SIMD3(1, 1, -2), SIMD3(1, 1, 1))
        }
    }
}
