import Crystallography
import NumericalMethods
import Symmetry

/// The reflections of a group that are unique under its Laue class and not systematically absent.
///
/// The representative of a set of equivalents is the one with the largest (h, k, l); the list is sorted by h, then
/// k, then l, as the structure-factor kernel wants it.
public struct ReflectionList: Sendable, Hashable {
    /// One (hkl) for each set of equivalent reflections.
    public let indices: [SIMD3<Int>]
    /// How many of the ± equivalents there are.
    public let multiplicities: [Int]
    /// Every reflection with (sinθ/λ)² up to here is listed (for the lattice of the listing), Å⁻².
    public let limit: Double

    /// The number of sets.
    public var count: Int { indices.count }

    /// How many indices lie in the half box that the listing looks through.
    package static func boxCount(reciprocalMetric g: Matrix3, limit: Double) -> Double {
        let metric = g.inverse
        let inverseD = 2 * limit.squareRoot()
        return (0..<3).reduce(0.5) { $0 * (2 * metric[$1, $1].squareRoot() * inverseD + 1) }
    }

    /// - Throws: where a listing would look at more indices than `Limits.reflections`: a wavelength, a range or a cell
    ///   without physics.
    package static func check(reciprocalMetric g: Matrix3, limit: Double) throws(DiffractionError) {
        let count = boxCount(reciprocalMetric: g, limit: limit)
        guard count <= Double(Limits.reflections) else { throw .tooManyReflections(count) }
    }

    /// The caller has checked what comes from outside with `check`.
    ///
    /// - `operations`: all operations of the group in its setting, centring included.
    /// - `reciprocalMetric`: G* in Å⁻².
    /// - `limit`: the largest q = (sinθ/λ)² = 1/(4d²), Å⁻².
    public init(operations: [SymmetryOperation], reciprocalMetric g: Matrix3, limit: Double) {
        let rotations = Array(Set(operations.map(\.rotation)))
        // 1/d² ≤ 4 limit confines |hᵢ| to |aᵢ| / d.
        let metric = g.inverse
        let inverseD = 2 * limit.squareRoot()
        let box = (0..<3).map { Int((metric[$0, $0].squareRoot() * inverseD).rounded(.down)) }
        var indices: [SIMD3<Int>] = []
        var multiplicities: [Int] = []
        var equivalents: [SIMD3<Int>] = []
        for h in 0...box[0] {
            for k in (h == 0 ? 0 : -box[1])...box[1] {
                for l in stride(from: h == 0 && k == 0 ? 1 : -box[2], through: box[2], by: 1) {
                    let index = SIMD3(h, k, l)
                    guard Self.q(of: index, reciprocalMetric: g) <= limit else { continue }
                    equivalents.removeAll(keepingCapacity: true)
                    var isRepresentative = true
                    for rotation in rotations {
                        let image = index * rotation
                        let positive = Self.precedes(image, .zero) ? SIMD3<Int>.zero &- image : image
                        if Self.precedes(index, positive) {
                            isRepresentative = false
                            break
                        }
                        if !equivalents.contains(positive) { equivalents.append(positive) }
                    }
                    guard isRepresentative, !Self.isAbsent(index, under: operations) else { continue }
                    indices.append(index)
                    multiplicities.append(2 * equivalents.count)
                }
            }
        }
        self.indices = indices
        self.multiplicities = multiplicities
        self.limit = limit
    }

    /// Systematically absent: some operation maps h on itself with a phase that is no multiple of 2π.
    package static func isAbsent(_ index: SIMD3<Int>, under operations: [SymmetryOperation]) -> Bool {
        operations.contains { operation in
            index * operation.rotation == index
                && (index &* operation.translation).wrappedSum() % SymmetryOperation.denominator != 0
        }
    }

    /// q = (sinθ/λ)² = hᵀ G* h / 4 in Å⁻².
    @inlinable package static func q(of index: SIMD3<Int>, reciprocalMetric g: Matrix3) -> Double {
        let h = SIMD3<Double>(index)
        return h.dot(g * h) / 4
    }

    private static func precedes(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Bool {
        a.x != b.x ? a.x < b.x : a.y != b.y ? a.y < b.y : a.z < b.z
    }
}
