import Foundation

/// What many scans say together: counts of minima and widths of basins in groups of axes.
package struct LandscapeStudySummary: Sendable {
    /// A quarter, half and three quarters of the values lie below.
    package struct Quartiles: Sendable, Hashable {
        package var lower: Double
        package var median: Double
        package var upper: Double

        init(_ values: [Double]) {
            lower = LandscapeStudySummary.quantile(values, 0.25)
            median = LandscapeStudySummary.quantile(values, 0.5)
            upper = LandscapeStudySummary.quantile(values, 0.75)
        }
    }

    /// Axes that have something in common.
    package struct Group: Sendable {
        /// What they have in common, in the order of the table's first columns.
        package var keys: [String]
        package var axes: Int
        /// Share with more than one minimum that describes a different crystal.
        package var multiFunnel: Double
        /// Share with no negative curvature.
        package var convex: Double
        /// Different ones, however shallow.
        package var minima: Quartiles
        /// The ninth decile of their number.
        package var mostMinima: Double
        /// Of the nearer end of the truth's basin.
        package var reach: Quartiles
        package var medianReachInAngstrom: Double
        /// Share whose nearer end is the end of the domain.
        package var open: Double
        package var medianConcave: Double
    }

    package let rows: [LandscapeStudy.Row]

    package init(_ rows: [LandscapeStudy.Row]) { self.rows = rows }

    /// Groups by the keys that `key` gives a row, in ascending order of the keys.
    package func groups(
        where isMeant: (LandscapeStudy.Row) -> Bool = { _ in true }, by key: (LandscapeStudy.Row) -> [String]
    ) -> [Group] {
        let groups = Dictionary(grouping: rows.filter { isMeant($0) && $0.verdict != "flat" }, by: key)
        return groups.keys.sorted { $0.lexicographicallyPrecedes($1) { Self.precedes($0, $1) } }.map { keys in
            let members = groups[keys] ?? []
            let count = Double(max(1, members.count))
            let reaches = members.map(\.reach).filter(\.isFinite)
            let counts = members.map { Double($0.distinctMinima) }
            return Group(
                keys: keys, axes: members.count,
                multiFunnel: Double(members.count { $0.distinctMinima > 1 }) / count,
                convex: Double(members.count { $0.verdict == "convex" }) / count,
                minima: Quartiles(counts), mostMinima: Self.quantile(counts, 0.9), reach: Quartiles(reaches),
                medianReachInAngstrom: Self.quantile(
                    members.map(\.reachInAngstrom).filter(\.isFinite), 0.5),
                open: Double(members.count { $0.isOpen == 1 }) / count,
                medianConcave: Self.quantile(members.map(\.negativeCurvatureShare), 0.5))
        }
    }

    /// Of the objectives that scanned the same axis under the same width and range: how often each has the widest
    /// basin, and how its basin compares with that of the first of them.
    package struct Contest: Sendable {
        package var kind: String
        package var measure: String
        /// Axes that all objectives scanned.
        package var axes: Int
        /// Share of the axes where its basin is the widest; those that tie within 1 % share the axis.
        package var widest: Double
        /// Median of its basin over that of the first objective.
        package var ratio: Double
    }

    /// Contests of the rows that `isMeant` lets in, by kind of axis.
    package func contests(where isMeant: (LandscapeStudy.Row) -> Bool = { _ in true }) -> [Contest] {
        let meant = rows.filter { isMeant($0) && $0.verdict != "flat" && $0.reach.isFinite && $0.reach > 0 }
        var measures: [String] = []
        for row in meant where !measures.contains(row.measure) { measures.append(row.measure) }
        guard let first = measures.first, measures.count > 1 else { return [] }
        return Set(meant.map(\.kind)).sorted().flatMap { kind -> [Contest] in
            let axes = Dictionary(grouping: meant.filter { $0.kind == kind }) { "\($0.structure) \($0.axis)" }
                .values.map { Dictionary($0.map { ($0.measure, $0.reach) }, uniquingKeysWith: { a, _ in a }) }
                .filter { $0.count == measures.count }
            return measures.map { measure in
                var wins = 0.0
                for reaches in axes {
                    let limit = 0.99 * (reaches.values.max() ?? 0)
                    guard let own = reaches[measure], own >= limit else { continue }
                    wins += 1 / Double(reaches.values.count { $0 >= limit })
                }
                let ratios = axes.compactMap { reaches in
                    reaches[first].flatMap { base in reaches[measure].map { $0 / base } }
                }
                return Contest(
                    kind: kind, measure: measure, axes: axes.count, widest: wins / Double(max(1, axes.count)),
                    ratio: Self.quantile(ratios, 0.5))
            }
        }
    }

    /// How many axes were scanned again with twice the resolution, and the rows where that changed something.
    package var doubled: (axes: Int, changed: [LandscapeStudy.Row]) {
        let again = rows.filter { $0.doubled != "–" }
        return (again.count, again.filter { $0.doubled != "same" })
    }

    /// Numbers by size, words by the alphabet.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        if let x = Double(a), let y = Double(b) { return x < y }
        return a < b
    }

    /// Linear between the order statistics; not a number without values.
    package static func quantile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard let first = sorted.first else { return .nan }
        let place = share * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return sorted.last ?? first }
        return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
    }
}
