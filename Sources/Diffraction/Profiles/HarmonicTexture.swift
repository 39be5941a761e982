import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Texture of a sample that is spun about its normal, or pressed along it, by spherical harmonics that the Laue class leaves
/// as they are (R. B. Von Dreele, J. Appl. Cryst. 30 (1997) 517): a reflection's intensity is multiplied by
/// 1 + Σ C k(h), k of the direction of its plane's normal.
///
/// The harmonics follow from the group's action on the indices, as the invariants of microstrain do: the mean over its
/// rotations projects the 2L + 1 functions of an even order L on the invariant ones, in any setting. Directions are those
/// in the cell that the texture was made with: a refinement's small changes of the cell leave them as they are.
public struct HarmonicTexture: Sendable, Hashable {
    /// One invariant function: order, and its coefficients in the real harmonics 0, cos φ, sin φ, cos 2φ, … of that order.
    struct Function: Sendable, Hashable {
        let order: Int
        let coefficients: [Double]
    }

    /// The largest order.
    package static let largestOrder = 8

    /// `C2.1`, `C4.1`, `C4.2`: order and number.
    public let names: [String]
    /// C, one for each name, without unit; 0 for none of it.
    public var values: [Double]
    private let functions: [Function]
    /// Lᵀ of G* = L Lᵀ: from indices to directions, z along c.
    private let frame: Matrix3

    /// A random powder.
    ///
    /// - `order`: even, 2 to 8; odd orders do not change a powder pattern.
    public init(_ structure: ReducedStructure, order: Int) {
        let frame = Self.frame(structure.lattice.reciprocalMetric)
        let rotations = Array(Set(structure.spaceGroup.operations.map(\.rotation)))
        var functions: [Function] = []
        var names: [String] = []
        for even in stride(from: 2, through: min(max(order, 2), Self.largestOrder), by: 2) {
            let own = Self.invariants(order: even, frame: frame, rotations: rotations)
            names += own.indices.map { "C\(even).\($0 + 1)" }
            functions += own.map { Function(order: even, coefficients: $0) }
        }
        (self.functions, self.names, self.frame) = (functions, names, frame)
        values = [Double](repeating: 0, count: names.count)
    }

    /// k of every function at (hkl).
    package func functions(at index: SIMD3<Int>) -> [Double] {
        let direction = frame * SIMD3<Double>(index)
        let length = direction.length
        let harmonics = Dictionary(
            uniqueKeysWithValues: Set(functions.map(\.order)).map {
                ($0, Self.harmonics(order: $0, at: (1 / length) * direction))
            })
        return functions.map { function in
            zip(function.coefficients, harmonics[function.order] ?? []).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }

    // MARK: The group's action

    /// Upper triangular, so that |frame · h|² = hᵀ G* h.
    private static func frame(_ g: Matrix3) -> Matrix3 {
        let a = g[0, 0].squareRoot()
        let (b, c) = (g[0, 1] / a, g[0, 2] / a)
        let d = (g[1, 1] - b * b).squareRoot()
        let e = (g[1, 2] - b * c) / d
        let f = (g[2, 2] - c * c - e * e).squareRoot()
        return Matrix3(rows: SIMD3(a, b, c), SIMD3(0, d, e), SIMD3(0, 0, f))
    }

    /// Orthonormal coefficients of the functions of an order that no rotation changes.
    private static func invariants(
        order: Int, frame: Matrix3, rotations: [IntegerMatrix3]
    ) -> [[Double]] {
        let projector = projector(order: order, frame: frame, rotations: rotations)
        var basis: [[Double]] = []
        for column in projector {
            var vector = column
            for unit in basis {
                let share = zip(vector, unit).reduce(0) { $0 + $1.0 * $1.1 }
                vector = zip(vector, unit).map { $0 - share * $1 }
            }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // The columns of a projector that are new are of the size of 1.
            if length > 1e-4 { basis.append(vector.map { abs($0) < 1e-12 ? 0 : $0 / length }) }
        }
        return basis
    }

    /// ⟨Y_m(n) · mean over the group of Y_m'(n W)⟩ over the sphere, by a quadrature that is exact for these functions.
    private static func projector(
        order: Int, frame: Matrix3, rotations: [IntegerMatrix3]
    ) -> [[Double]] {
        let count = 2 * order + 1
        let inverse = frame.inverse
        let heights = AxialSpread.Quadrature(count: order + 1)
        var result = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for (point, weight) in zip(heights.points, heights.weights) {
            let z = 2 * point - 1
            let radius = max(0, 1 - z * z).squareRoot()
            for k in 0..<(2 * order + 2) {
                let angle = 2 * Double.pi * Double(k) / Double(2 * order + 2)
                let direction = SIMD3(radius * cos(angle), radius * sin(angle), z)
                let own = harmonics(order: order, at: direction)
                let indices = inverse * direction
                var mean = [Double](repeating: 0, count: count)
                for rotation in rotations {
                    let image = frame * (Matrix3(rotation).transpose * indices)
                    for (m, value) in harmonics(order: order, at: image).enumerated() { mean[m] += value }
                }
                let share = weight / Double((2 * order + 2) * rotations.count)
                for m in 0..<count {
                    for n in 0..<count { result[m][n] += share * own[m] * mean[n] }
                }
            }
        }
        return result
    }

    /// Real harmonics of unit mean square over the sphere: m = 0, cos φ, sin φ, cos 2φ, ….
    static func harmonics(order: Int, at direction: SIMD3<Double>) -> [Double] {
        let z = max(-1, min(1, direction.z))
        let sine = max(0, 1 - z * z).squareRoot()
        let azimuth = atan2(direction.y, direction.x)
        var result: [Double] = []
        for m in 0...order {
            // P_m^m, then upwards in the degree.
            var (value, before) = (1.0, 0.0)
            for k in 0..<m { value *= Double(2 * k + 1) * sine }
            for degree in (m + 1)..<max(order + 1, m + 1) {
                let next =
                    (Double(2 * degree - 1) * z * value - Double(degree + m - 1) * before)
                    / Double(degree - m)
                (before, value) = (value, next)
            }
            var ratio = 1.0
            for k in (order - m + 1)..<max(order + m + 1, order - m + 1) { ratio /= Double(k) }
            let scale = (Double(2 * order + 1) * (m == 0 ? 1 : 2) * ratio).squareRoot()
            if m == 0 {
                result.append(scale * value)
            } else {
                result.append(scale * value * cos(Double(m) * azimuth))
                result.append(scale * value * sin(Double(m) * azimuth))
            }
        }
        return result
    }
}
