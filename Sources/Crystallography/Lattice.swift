import ExplainedErrors
import Foundation
import NumericalMethods

/// Why numbers are no cell.
public enum LatticeError: ExplainedError, Hashable {
    /// Å, outside `Limits.cellLengths`.
    case length(Double)
    /// Degrees.
    case angles(Double, Double, Double)
    /// Vectors of these lengths (Å) that lie in a plane, nearly.
    case flat(Double, Double, Double)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .length(let length):
            let range = Limits.cellLengths
            return Explanation(
                "a cell with an edge of \(length) Å",
                remedy: "give edges in Å, between \(range.lowerBound) and \(range.upperBound)")
        case .angles(let alpha, let beta, let gamma):
            return Explanation(
                "the cell has no volume: the angles \(alpha), \(beta), \(gamma)° do not close",
                remedy: "give degrees, their sum below 360 and each below the sum of the others")
        case .flat:
            return Explanation(
                "the cell has no volume: its vectors lie in a plane", remedy: "correct the lattice vectors")
        }
    }
}

/// A crystal lattice. Its vectors are the rows of `vectors`, in Å: r = vectorsᵀ · f.
public struct Lattice: Sendable, Hashable {
    /// The vectors a, b, c as rows, in Å.
    public var vectors: Matrix3

    /// From three rows a, b, c in Å; they are taken as they are, without standard orientation.
    public init(vectors: Matrix3) {
        self.vectors = vectors
    }

    /// Lengths in Å, angles in degrees; a lies along x and b in the xy plane.
    ///
    /// For angles that are known to close, such as those of a crystal family; what comes from outside goes through
    /// `init(checking:…)`, which throws where they do not.
    public init(a: Double, b: Double, c: Double, alpha: Double, beta: Double, gamma: Double) {
        let cosine = SIMD3(Self.cosine(alpha), Self.cosine(beta), Self.cosine(gamma))
        let sineGamma = (1 - cosine.z * cosine.z).squareRoot()
        let cx = cosine.y
        let cy = (cosine.x - cosine.y * cosine.z) / sineGamma
        let cz = max(0, 1 - cx * cx - cy * cy).squareRoot()
        vectors = Matrix3(
            rows: SIMD3(a, 0, 0), SIMD3(b * cosine.z, b * sineGamma, 0), SIMD3(c * cx, c * cy, c * cz))
    }

    /// A cell from outside.
    ///
    /// - Throws: where a length lies outside `Limits.cellLengths` or the angles do not close to a cell.
    public init(
        checking a: Double, _ b: Double, _ c: Double, alpha: Double, beta: Double, gamma: Double
    ) throws(LatticeError) {
        for length in [a, b, c] where !Limits.cellLengths.contains(length) { throw .length(length) }
        guard Self.isPossible(a: a, b: b, c: c, alpha: alpha, beta: beta, gamma: gamma) else {
            throw .angles(alpha, beta, gamma)
        }
        self.init(a: a, b: b, c: c, alpha: alpha, beta: beta, gamma: gamma)
    }

    /// Vectors from outside.
    ///
    /// - Parameter vectors: rows, in Å.
    /// - Throws: where a length lies outside `Limits.cellLengths`, or the vectors lie in a plane.
    public init(checking vectors: Matrix3) throws(LatticeError) {
        self.init(vectors: vectors)
        let l = lengths
        for axis in 0..<3 where !Limits.cellLengths.contains(l[axis]) { throw .length(l[axis]) }
        guard volume > Self.leastShare * l.x * l.y * l.z else { throw .flat(l.x, l.y, l.z) }
    }

    /// V/abc from which on three vectors span a cell; its square is what `isPossible` asks of the angles.
    private static let leastShare = 1e-5

    /// Exact for the angles of the crystal families.
    private static func cosine(_ degrees: Double) -> Double {
        switch degrees {
        case 90: 0
        case 60: 0.5
        case 120: -0.5
        default: cos(degrees * .pi / 180)
        }
    }

    /// Lengths positive, and three angles that close to a cell of positive volume.
    public static func isPossible(
        a: Double, b: Double, c: Double, alpha: Double, beta: Double, gamma: Double
    ) -> Bool {
        guard [a, b, c, alpha, beta, gamma].allSatisfy(\.isFinite), min(a, b, c) > 0 else { return false }
        guard min(alpha, beta, gamma) > 0, max(alpha, beta, gamma) < 180 else { return false }
        let (x, y, z) = (cosine(alpha), cosine(beta), cosine(gamma))
        return 1 - x * x - y * y - z * z + 2 * x * y * z > leastShare * leastShare
    }

    /// |a|, |b|, |c| in Å.
    public var lengths: SIMD3<Double> {
        SIMD3(vectors.rows.0.length, vectors.rows.1.length, vectors.rows.2.length)
    }

    /// α, β, γ in degrees.
    public var angles: SIMD3<Double> {
        func angle(_ u: SIMD3<Double>, _ v: SIMD3<Double>) -> Double {
            atan2(u.cross(v).length, u.dot(v)) * 180 / .pi
        }
        return SIMD3(
            angle(vectors.rows.1, vectors.rows.2), angle(vectors.rows.2, vectors.rows.0),
            angle(vectors.rows.0, vectors.rows.1))
    }

    /// Å³, positive for a right-handed and a left-handed basis alike.
    public var volume: Double { abs(vectors.determinant) }

    /// G = L Lᵀ, G_ij = aᵢ·aⱼ in Å².
    public var metric: Matrix3 { vectors * vectors.transpose }

    /// Rows a*, b*, c* in Å⁻¹ with aᵢ·a*ⱼ = δᵢⱼ (no factor 2π).
    public var reciprocal: Lattice { Lattice(vectors: vectors.inverse.transpose) }

    /// G* = G⁻¹ in Å⁻²: 1/d² = hᵀ G* h.
    public var reciprocalMetric: Matrix3 { metric.inverse }

    /// Å, from fractional coordinates (any, not only those of the cell).
    @inlinable public func cartesian(_ fractional: SIMD3<Double>) -> SIMD3<Double> { fractional * vectors }

    /// Fractional coordinates, from Å.
    public func fractional(_ cartesian: SIMD3<Double>) -> SIMD3<Double> { cartesian * vectors.inverse }

    /// The length of a fractional difference vector as it stands, in Å.
    @inlinable public func length(_ fractional: SIMD3<Double>) -> Double { cartesian(fractional).length }
}

extension Lattice {
    /// From a metric tensor (Å²), positive definite; a along x and b in the xy plane.
    public init(metric g: Matrix3) {
        let a = g[0, 0].squareRoot()
        let bx = g[0, 1] / a
        let by = max(0, g[1, 1] - bx * bx).squareRoot()
        let cx = g[0, 2] / a
        let cy = (g[1, 2] - bx * cx) / by
        let cz = max(0, g[2, 2] - cx * cx - cy * cy).squareRoot()
        self.init(vectors: Matrix3(rows: SIMD3(a, 0, 0), SIMD3(bx, by, 0), SIMD3(cx, cy, cz)))
    }
}
