import Crystallography
import NumericalMethods

/// The flat faces of the convex hull of a few points: of a coordination polyhedron.
package enum ConvexHull {
    /// Indices of each face's corners, in order around it; empty where all points lie in a plane.
    ///
    /// Every triple of points is tried: right for a dozen points, which is what an atom has around it.
    package static func faces(of points: [SIMD3<Double>], tolerance: Double = 1e-2) -> [[Int]] {
        guard points.count >= 4 else { return [] }
        var found: [[Int]] = []
        for i in points.indices {
            for j in points.indices where j > i {
                for k in points.indices where k > j {
                    guard let face = face(points, i, j, k, tolerance) else { continue }
                    if !found.contains(where: { Set($0) == Set(face) }) { found.append(face) }
                }
            }
        }
        // In a plane the only face has both sides.
        return found.count >= 4 ? found : []
    }

    private static func face(
        _ points: [SIMD3<Double>], _ i: Int, _ j: Int, _ k: Int, _ tolerance: Double
    ) -> [Int]? {
        let normal = cross(points[j] - points[i], points[k] - points[i])
        guard normal.length > 1e-6 else { return nil }
        let unit = normal / normal.length
        let heights = points.map { ($0 - points[i]).dot(unit) }
        guard heights.allSatisfy({ $0 < tolerance }) || heights.allSatisfy({ $0 > -tolerance }) else {
            return nil
        }
        let corners = points.indices.filter { abs(heights[$0]) < tolerance }
        // Around their middle, by angle.
        let middle = corners.reduce(SIMD3<Double>.zero) { $0 + points[$1] } / Double(corners.count)
        let first = points[corners[0]] - middle
        guard first.length > 1e-6 else { return nil }
        let (u, v) = (first / first.length, cross(unit, first / first.length))
        func angle(_ corner: Int) -> Double {
            let arm = points[corner] - middle
            let (x, y) = (arm.dot(u), arm.dot(v))
            let turn = y / max(abs(x) + abs(y), 1e-12)
            return x >= 0 ? (y >= 0 ? turn : 4 + turn) : 2 - turn
        }
        return corners.sorted { angle($0) < angle($1) }
    }

    private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
}
