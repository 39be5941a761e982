import Foundation

/// A line of results.csv for each record.
package enum ValidationTable {
    package static let columns = [
        "file", "index", "name", "passed", "reason", "formula", "atoms", "claimed", "number", "symbol",
        "degreesOfFreedom", "shortestDistance", "shortestContact", "density", "oxidationStates", "unique",
        "duplicateOf", "duplicateRms", "novel", "known", "knownRms", "stable", "energyPerAtom",
        "energyAboveHull", "decomposition", "competitors",
    ]

    package static var header: String { columns.joined(separator: ",") }

    package static func line(_ row: ValidationRow) -> String {
        let fields: [String?] = [
            row.file, "\(row.index)", row.name, "\(row.passed)", row.reason, row.formula,
            row.atoms.map(String.init), row.claimed.map(String.init), row.number.map(String.init),
            row.international, row.degreesOfFreedom.map(String.init), number(row.shortestDistance),
            number(row.shortestContact), number(row.density), row.oxidationStates,
            row.unique.map { "\($0)" }, row.duplicateOf.map(place), number(row.duplicateOf?.rmsDisplacement),
            row.novel.map { "\($0)" }, row.known.map(place), number(row.known?.rmsDisplacement),
            row.stable.map { "\($0)" }, number(row.stability?.energyPerAtom),
            number(row.stability?.energyAboveHull),
            row.stability?.decomposition.map { String(format: "%.4f %@", $0.share, $0.name) }
                .joined(separator: " + "), row.stability.map { "\($0.competitors)" },
        ]
        return fields.map { quoted($0 ?? "") }.joined(separator: ",")
    }

    private static func place(_ partner: ValidationRow.Partner) -> String {
        partner.name ?? "\(partner.file):\(partner.index + 1)"
    }

    private static func number(_ value: Double?) -> String? {
        value.flatMap { $0.isFinite ? String(format: "%.6g", $0) : nil }
    }

    private static func quoted(_ text: String) -> String {
        text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
            ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
