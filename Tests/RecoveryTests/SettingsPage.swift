import Design
import Energies
import Foundation
import Landscape
import Matching
import Recovery

/// The settings with their comments, read from the sources, and their values.
struct SettingsPage {
    struct Row {
        let path: String
        let value: String
        let comment: String
    }

    private struct Field {
        let name: String
        let comment: String
        let initializer: String
    }

    private(set) var rows: [Row] = []
    /// Fields by type, a nested type under the outer one's name.
    private var types: [String: [Field]] = [:]

    /// Where a setting's type is declared.
    private static let files = [
        "Recovery/RecoverySettings.swift", "Recovery/Evidence/LineSettings.swift",
        "Recovery/Cell/CellSettings.swift", "Recovery/Occupation/OccupationSettings.swift",
        "Recovery/Atoms/AtomSettings.swift", "Recovery/Strategy/RefinementSettings.swift",
        "Recovery/Strategy/ExactSettings.swift",
        "Recovery/Strategy/OrientationSettings.swift", "Recovery/Choice/ChoiceSettings.swift",
        "Recovery/Solution/SolutionSettings.swift", "Recovery/Choice/ProofLimits.swift",
        "Refinement/FitVerdict.swift",
        "Refinement/RefinementBounds.swift", "Refinement/PawleySettings.swift",
        "Landscape/ScanSettings.swift", "Matching/MatchTolerances.swift", "Matching/MatchSettings.swift",
        "Design/Problem/DesignSettings.swift", "Energies/ElasticSettings.swift",
    ]

    private let title: String
    private let introduction: [String]
    private let hasRanges: Bool

    /// The recovery's.
    static func recovery() throws -> SettingsPage {
        try SettingsPage(
            "Settings of a recovery",
            [
                "Every number that decides what `recover` finds, by stage, as the code has it. *measured*: for measured patterns",
                "(`RecoverySettings`, in summary.json under `settings`); *exact*: for patterns without noise of a known simulator",
                "(`ExactSettings`, the study's arm `wyckoff`). This page is made by the test `RecoverySettingsTests` from the comments and",
                "values in the sources (`WYCKOFF_WRITE=1`), and the test fails where it is out of date.",
            ],
            [
                ("measured", "RecoverySettings", RecoverySettings()),
                ("exact", "ExactSettings", ExactSettings()),
            ], hasRanges: true)
    }

    /// Those of scans, matching, design and elastic constants.
    static func others() throws -> SettingsPage {
        try SettingsPage(
            "Settings of scans, of matching, of design and of elastic constants",
            [
                "Every number that decides what `scan`, `map`, `match` and `design` find beside what a user asks for, as the code has",
                "it: `ScanSettings` (in the JSON of `scan` under `settings`), `MatchTolerances` (in that of `match` under `tolerances`),",
                "`DesignSettings` (in that of `design` under `settings`), `ElasticSettings` (of `relax --elastic`). This page is made by the test `RecoverySettingsTests` from the",
                "comments and values in the sources (`WYCKOFF_WRITE=1`), and the test fails where it is out of date.",
            ],
            [
                ("scan", "ScanSettings", ScanSettings()), ("match", "MatchTolerances", MatchTolerances()),
                ("design", "DesignSettings", DesignSettings()),
                ("elastic", "ElasticSettings", ElasticSettings()),
            ], hasRanges: false)
    }

    private init(
        _ title: String, _ introduction: [String],
        _ roots: [(path: String, type: String, value: any Encodable)], hasRanges: Bool
    ) throws {
        (self.title, self.introduction, self.hasRanges) = (title, introduction, hasRanges)
        for file in Self.files {
            let url = ShippedData.root.appendingPathComponent("Sources/" + file)
            read(try String(contentsOf: url, encoding: .utf8))
        }
        for root in roots {
            let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(root.value))
            add(root.type, object, path: root.path, comment: "")
        }
    }

    private mutating func read(_ text: String) {
        var scopes: [(name: String, indent: Int)] = []
        var comment: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let code = line.dropFirst(indent)
            if code.hasPrefix("///") {
                comment.append(code.dropFirst(3).trimmingCharacters(in: .whitespaces))
                continue
            }
            defer { comment = [] }
            while let last = scopes.last, code == "}", last.indent == indent { scopes.removeLast() }
            if let match = code.firstMatch(of: /^(?:public |package )?(?:struct|extension|enum) (\w+)/),
                code.hasSuffix("{")
            {
                scopes.append((String(match.1), indent))
            } else if let match = code.firstMatch(of: /^(?:public|package) var (\w+)(?:: [^=]+)? = (.+)$/) {
                let type = scopes.map(\.name).joined(separator: ".")
                types[type, default: []].append(
                    Field(
                        name: String(match.1), comment: comment.joined(separator: " "),
                        initializer: String(match.2)))
            }
        }
    }

    private mutating func add(_ type: String, _ value: Any, path: String, comment: String) {
        guard let object = value as? [String: Any], let fields = types[type] else {
            rows.append(Row(path: path, value: Self.text(value), comment: comment))
            return
        }
        for field in fields {
            guard let own = object[field.name] else { continue }
            let inner = own is [String: Any] ? self.type(field.name, field.initializer, in: type) : ""
            add(inner, own, path: path + "." + field.name, comment: field.comment)
        }
    }

    /// The type of a nested field: said by its initializer, or by the settings of measured patterns.
    private func type(_ name: String, _ initializer: String, in outer: String) -> String {
        let stated = String(initializer.dropLast(2))
        switch (name, initializer) {
        case ("proof", _): return "ProofLimits"
        case ("fit", _): return "FitVerdict.Limits"
        case ("bounds", _): return "RefinementBounds"
        case (_, let text) where text.hasPrefix("Self."):
            return "RecoverySettings." + name.prefix(1).uppercased() + name.dropFirst()
        default: return types[stated] == nil ? outer + "." + stated : stated
        }
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let list as [Any]: list.map(text).joined(separator: ", ")
        case let object as [String: Any]:
            object.keys.sorted().map { "\($0) \(text(object[$0] ?? 0))" }.joined(separator: " ")
        case let number as NSNumber: "\(number)"
        default: "\(value)"
        }
    }

    var text: String {
        var lines = ["# \(title)", ""] + introduction
        let ranges = Self.ranges
        var stage = ""
        for row in rows {
            let parts = row.path.split(separator: ".")
            // A value of the root itself stands under the root's name.
            let depth = parts.count > 2 ? 2 : 1
            let own = parts.prefix(depth).joined(separator: ".")
            if own != stage {
                stage = own
                lines += ["", "## \(own)", ""]
                lines +=
                    hasRanges
                    ? ["| setting | value | same result within ±30 % | what it is |", "|---|---:|---|---|"]
                    : ["| setting | value | what it is |", "|---|---:|---|"]
            }
            let name = parts.dropFirst(depth).joined(separator: ".")
            let range = hasRanges ? " \(ranges[row.path] ?? "") |" : ""
            lines.append("| `\(name)` | \(row.value) |\(range) \(row.comment) |")
        }
        if hasRanges, let note = Self.note { lines += ["", note] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Where the sweep's outcome stands: path, tab, what changed.
    static let sweep = ShippedData.root.appendingPathComponent("Docs/recovery-settings-sweep.tsv")

    /// What was swept already.
    static var swept: [String] {
        guard let text = try? String(contentsOf: sweep, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    private static var table: [[Substring]] {
        swept.map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    }

    private static var ranges: [String: String] {
        Dictionary(
            table.filter { $0.count >= 2 }.map { (String($0[0]), String($0[1])) },
            uniquingKeysWith: { first, _ in first })
    }

    private static var note: String? {
        guard let text = try? String(contentsOf: sweep, encoding: .utf8) else { return nil }
        let notes = text.split(separator: "\n").filter { $0.hasPrefix("# ") }.map { $0.dropFirst(2) }
        return notes.joined(separator: "\n")
    }
}
