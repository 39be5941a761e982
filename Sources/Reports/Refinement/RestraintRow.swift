import Foundation
import Publishing
import Refinement

/// A restraint and what came of it.
package struct RestraintRow: Codable, Sendable {
    /// As it was typed, without value: `S-O`.
    package var name: String
    /// In `unit`, with `sigma`.
    package var target: Double
    package var sigma: Double
    package var unit: String
    /// Bonds, angles or valences that it holds.
    package var count: Int
    /// Their mean, and the root of the mean square from the target.
    package var mean: Double
    package var deviation: Double

    init(_ outcome: RestraintOutcome) {
        let restraint = outcome.restraint
        (name, unit) = (restraint.name, restraint.unit)
        (target, sigma) = (restraint.target, restraint.sigma)
        count = outcome.values.count
        mean = outcome.values.reduce(0, +) / Double(max(1, outcome.values.count))
        deviation = outcome.deviation
    }

    /// A line that begins with a line's end; empty where nothing is held.
    static func text(_ rows: [RestraintRow]) -> String {
        guard !rows.isEmpty else { return "" }
        return "\n" + table(rows).aligned.joined(separator: "\n")
    }

    static func table(_ rows: [RestraintRow]) -> TextTable {
        TextTable(
            columns: [
                .init("restrained"), .init("unit"), .init("held", alignment: .number),
                .init("to", alignment: .number), .init("σ", alignment: .number),
                .init("mean", alignment: .number), .init("rms from it", alignment: .number),
            ],
            rows: rows.map { row in
                [row.name, row.unit, "\(row.count)"]
                    + [row.target, row.sigma].map { String(format: "%g", $0) }
                    + [row.mean, row.deviation].map { String(format: "%.4g", $0) }
            })
    }
}
