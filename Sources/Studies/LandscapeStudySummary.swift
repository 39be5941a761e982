import Foundation

/// What many scans say together: counts of minima and widths of basins in groups of axes.
public struct LandscapeStudySummary: Sendable {
    /// Axes that have something in common.
    public struct Group: Sendable {
        /// What they have in common, in the order of the table's first columns.
        public var keys: [String]
        public var axes: Int
        /// Share with more than one minimum that describes a different crystal.
        public var multiFunnel: Double
        /// Share with no negative curvature.
        public var convex: Double
        public var medianMinima: Double
        /// Of the nearer end of the truth's basin; quartiles.
        public var reach: (lower: Double, median: Double, upper: Double)
        public var medianReachInAngstrom: Double
        /// Share whose nearer end is the end of the domain.
        public var open: Double
        public var medianConcave: Double
    }

    public let rows: [LandscapeStudy.Row]

    public init(_ rows: [LandscapeStudy.Row]) { self.rows = rows }

    /// Groups by the keys that `key` gives a row, in ascending order of the keys.
    public func groups(
        where isMeant: (LandscapeStudy.Row) -> Bool = { _ in true }, by key: (LandscapeStudy.Row) -> [String]
    ) -> [Group] {
        let groups = Dictionary(grouping: rows.filter { isMeant($0) && $0.verdict != "flat" }, by: key)
        return groups.keys.sorted { $0.lexicographicallyPrecedes($1) { Self.precedes($0, $1) } }.map { keys in
            let members = groups[keys] ?? []
            let count = Double(max(1, members.count))
            let reaches = members.map(\.reach).filter(\.isFinite)
            return Group(
                keys: keys, axes: members.count,
                multiFunnel: Double(members.count { $0.distinctMinima > 1 }) / count,
                convex: Double(members.count { $0.verdict == "convex" }) / count,
                medianMinima: Self.quantile(members.map { Double($0.distinctMinima) }, 0.5),
                reach: (
                    Self.quantile(reaches, 0.25), Self.quantile(reaches, 0.5), Self.quantile(reaches, 0.75)
                ),
                medianReachInAngstrom: Self.quantile(
                    members.map(\.reachInAngstrom).filter(\.isFinite), 0.5),
                open: Double(members.count { $0.isOpen == 1 }) / count,
                medianConcave: Self.quantile(members.map(\.negativeCurvatureShare), 0.5))
        }
    }

    /// Numbers by size, words by the alphabet.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        if let x = Double(a), let y = Double(b) { return x < y }
        return a < b
    }

    /// Linear between the order statistics; not a number without values.
    static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard let first = sorted.first else { return .nan }
        let place = share * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return sorted.last ?? first }
        return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
    }

    /// Basins: lengths and coordinates in per cent of length and cell, angles in degrees.
    public static func markdown(_ groups: [Group], headings: [String]) -> String {
        func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
        let header =
            headings + [
                "axes", "multi-funnel", "minima", "basin, quartiles", "basin/Å", "open", "concave",
            ]
        var lines = [
            "| " + header.joined(separator: " | ") + " |",
            "|" + String(repeating: "---|", count: header.count),
        ]
        for group in groups {
            let isAngle = group.keys.contains("angle")
            func reach(_ value: Double) -> String {
                isAngle ? String(format: "%.1f", value) : String(format: "%.1f", 100 * value)
            }
            let reaches =
                "\(reach(group.reach.lower)) – **\(reach(group.reach.median))** – \(reach(group.reach.upper)) \(isAngle ? "°" : "%")"
            lines.append(
                "| "
                    + (group.keys + [
                        "\(group.axes)", percent(group.multiFunnel),
                        String(format: "%g", group.medianMinima), reaches,
                        String(format: "%.2f", group.medianReachInAngstrom), percent(group.open),
                        percent(group.medianConcave),
                    ]).joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }
}
