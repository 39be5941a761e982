import Foundation
import NumericalMethods

/// The zones of a reciprocal lattice, from lines alone: two axes and a product are read off lines of small indices, and the plane counts
/// by all lines that it explains (Ito, Nature 164 (1949) 755; Visser, J. Appl. Cryst. 2 (1969) 89).
package struct ReciprocalZones: Sendable {
    private let q: [Double]
    private let reach: [Double]
    private let settings: IndexingSettings

    /// - Parameters:
    ///   - q: Å⁻², ascending.
    ///   - reach: Å⁻²; how far from a point each line may stand.
    package init(_ q: [Double], reach: [Double], _ settings: IndexingSettings) {
        (self.q, self.reach, self.settings) = (q, reach, settings)
    }

    /// The likeliest, best first, each once.
    package func callAsFunction() -> [LikelyZone] {
        let first = q.prefix(settings.zoneBaseLines)
        // A line is an axis, or its second or third order.
        let axes =
            (Array(first) + first.map { $0 / 4 } + first.prefix(settings.zoneBaseLines / 2).map { $0 / 9 })
            .filter { $0 > settings.leastAxis }.sorted()
        var found: [LikelyZone] = []
        for (i, a) in axes.enumerated() {
            for b in axes[i...] {
                for line in first {
                    for (h, k) in Self.products {
                        let ab = abs(line - a * h * h - b * k * k) / (h * k)
                        guard ab <= a * settings.reductionSlack else { continue }
                        offer(LikelyZone(a: a, b: b, ab: ab), &found)
                        // Of a centred net two lines are no basis.
                        offer(LikelyZone(a: (a + b + ab) / 4, b: b, ab: ab / 2 + b), &found)
                    }
                }
            }
        }
        return Array(found.sorted { $0.score > $1.score }.prefix(settings.zones))
    }

    /// Indices of a third line on the two axes.
    private static let products: [(h: Double, k: Double)] = [
        (1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (2, 3), (3, 2),
    ]

    private func offer(_ zone: LikelyZone?, _ found: inout [LikelyZone]) {
        guard var zone, zone.a > settings.leastAxis, let gains = gains(zone) else { return }
        zone.gains = gains
        guard zone.score > settings.zoneScore else { return }
        if var better = refined(zone), let gains = self.gains(better) {
            better.gains = gains
            zone = better
        }
        if let known = found.firstIndex(where: { $0.isSame(as: zone, within: settings.sameZone) }) {
            if zone.score > found[known].score { found[known] = zone }
            return
        }
        found.append(zone)
        if found.count > 4 * settings.zones {
            found.sort { $0.score > $1.score }
            found.removeLast(found.count - 2 * settings.zones)
        }
    }

    /// What each line speaks for it; nil for a zone of too many points. Points of a plane are as dense in Q everywhere.
    private func gains(_ zone: LikelyZone) -> [Double]? {
        let limit = q.last ?? 0
        guard
            let plane = ReciprocalZone(zone.a, zone.b, zone.ab, limit: limit * 1.01, most: settings.zoneLines)
        else { return nil }
        let points = plane.values(.zero).sorted()
        let density = Double(points.count - 1) / limit
        var next = 0
        return zip(q, reach).map { line, reach in
            while next < points.count, points[next] < line { next += 1 }
            let nearest = min(
                next < points.count ? points[next] - line : .infinity,
                next > 0 ? line - points[next - 1] : .infinity)
            return nearest <= reach ? -log(1 - exp(-2 * reach * density)) : 0
        }
    }

    /// Fitted to the lines that it explains; nil where these do not determine it.
    private func refined(_ zone: LikelyZone) -> LikelyZone? {
        let limit = q.last ?? 0
        let most = SIMD2(Int((limit / zone.a).squareRoot()) + 1, Int((limit / zone.b).squareRoot()) + 1)
        var normal = DenseMatrix(rows: 3, columns: 3)
        var right = [Double](repeating: 0, count: 3)
        var explained = 0
        for (line, reach) in zip(q, reach) {
            var (distance, row) = (reach, SIMD3<Double>.zero)
            for h in 0...most.x {
                for k in -most.y...most.y where h > 0 || k > 0 {
                    let apart = abs(zone.q(h, k) - line)
                    guard apart < distance else { continue }
                    (distance, row) = (apart, SIMD3(Double(h * h), Double(k * k), Double(h * k)))
                }
            }
            guard row != .zero else { continue }
            explained += 1
            let weight = 1 / (reach * reach)
            for r in 0..<3 {
                right[r] += weight * row[r] * line
                for c in 0...r { normal.elements[3 * r + c] += weight * row[r] * row[c] }
            }
        }
        guard explained > 3 else { return nil }
        do {
            let solution = try Cholesky(normal).solve(right)
            return LikelyZone(a: solution[0], b: solution[1], ab: solution[2])
        } catch {
            // Lines of one row say nothing of the others: the zone stays what it was.
            return nil
        }
    }
}
