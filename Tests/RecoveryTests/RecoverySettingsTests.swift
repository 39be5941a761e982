import Foundation
import Recovery
import Testing

/// Docs/RecoverySettings.md is made of the settings' own comments and values; WYCKOFF_WRITE=1 writes it.
@Suite("Settings of a recovery") struct RecoverySettingsTests {
    @Test("the page of the settings is what their comments and values make")
    func page() throws {
        let made = try SettingsPage().text
        let file = ShippedData.root.appendingPathComponent("Docs/RecoverySettings.md")
        if ProcessInfo.processInfo.environment["WYCKOFF_WRITE"] != nil {
            try made.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(
            try String(contentsOf: file, encoding: .utf8) == made,
            "Docs/RecoverySettings.md is out of date: run this test with WYCKOFF_WRITE=1")
    }

    @Test("every setting says what it is")
    func comments() throws {
        let page = try SettingsPage()
        #expect(page.rows.count > 180)
        for row in page.rows { #expect(row.comment.count > 12, "\(row.path)") }
    }

    @Test("settings survive the way through JSON")
    func json() throws {
        let measured = RecoverySettings()
        let data = try JSONEncoder().encode(measured)
        #expect(try JSONDecoder().decode(RecoverySettings.self, from: data) == measured)
        let exact = ExactSettings()
        let other = try JSONEncoder().encode(exact)
        #expect(try JSONDecoder().decode(ExactSettings.self, from: other) == exact)
    }

    @Test("numbers that Docs/Recovery.md quotes are those of the settings")
    func quoted() throws {
        let file = ShippedData.root.appendingPathComponent("Docs/Recovery.md")
        let text = try String(contentsOf: file, encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let settings = RecoverySettings()
        let words = [2: "two", 3: "three", 8: "eight", 12: "twelve"]
        func word(_ number: Int) -> String { words[number] ?? "\(number)" }
        let sentences = [
            "where there are more than \(word(settings.occupation.searched)) ways, all get "
                + "\(settings.occupation.screeningStarts) starts and the best "
                + "\(word(settings.occupation.searched)) the full search",
            "whose absences cost at most \(Int((100 * (settings.absences.factor - 1)).rounded())) % of Rwp",
            "at most \(word(settings.occupation.groupsKept)), those that explain most absences first",
            "the \(settings.occupation.ways) likeliest ways to fill their positions get "
                + "\(settings.occupation.screeningStarts) starts each, the best "
                + "\(word(settings.occupation.searched)) the full search; the best "
                + "\(word(settings.selection.minima)) minima",
            "that the atoms reach within \(Int(settings.groups.reach)) Å",
            "with basin hopping from \(settings.atoms.hoppingFrom) free coordinates on",
            "scale, \(settings.refinement.backgroundTerms) Chebyshev terms",
        ]
        for sentence in sentences { #expect(text.contains(sentence), "\(sentence)") }
    }
}

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

    private static let files = [
        "Recovery/RecoverySettings.swift", "Recovery/Evidence/LineSettings.swift",
        "Recovery/Cell/CellSettings.swift", "Recovery/Occupation/OccupationSettings.swift",
        "Recovery/Atoms/AtomSettings.swift", "Recovery/Strategy/RefinementSettings.swift",
        "Recovery/Strategy/ExactSettings.swift", "Recovery/Choice/ChoiceSettings.swift",
        "Recovery/Choice/ProofLimits.swift", "Refinement/FitVerdict.swift",
        "Refinement/RefinementBounds.swift",
    ]

    init() throws {
        for file in Self.files {
            let url = ShippedData.root.appendingPathComponent("Sources/" + file)
            read(try String(contentsOf: url, encoding: .utf8))
        }
        func object(_ value: some Encodable) throws -> Any {
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
        }
        add("RecoverySettings", try object(RecoverySettings()), path: "measured", comment: "")
        add("ExactSettings", try object(ExactSettings()), path: "exact", comment: "")
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
            let inner = own is [String: Any] ? Self.type(field.name, field.initializer, in: type) : ""
            add(inner, own, path: path + "." + field.name, comment: field.comment)
        }
    }

    /// The type of a nested field: said by its initializer, or by the settings of measured patterns.
    private static func type(_ name: String, _ initializer: String, in outer: String) -> String {
        switch (name, initializer) {
        case ("proof", _): return "ProofLimits"
        case ("fit", _): return "FitVerdict.Limits"
        case ("bounds", _): return "RefinementBounds"
        case (_, let text) where text.hasPrefix("RecoverySettings."): return String(text.dropLast(2))
        case (_, let text) where text.hasPrefix("Self."):
            return "RecoverySettings." + name.prefix(1).uppercased() + name.dropFirst()
        default: return outer + "." + initializer.dropLast(2)
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
        var lines = [
            "# Settings of a recovery", "",
            "Every number that decides what `recover` finds, by stage, as the code has it. *measured*: for measured patterns",
            "(`RecoverySettings`, in summary.json under `settings`); *exact*: for patterns without noise of a known simulator",
            "(`ExactSettings`, the study's arm `wyckoff`). This page is made by the test `RecoverySettingsTests` from the comments and",
            "values in the sources (`WYCKOFF_WRITE=1`), and the test fails where it is out of date.",
        ]
        let ranges = Self.ranges
        var stage = ""
        for row in rows {
            let parts = row.path.split(separator: ".")
            let own = parts.prefix(2).joined(separator: ".")
            if own != stage {
                stage = own
                lines += ["", "## \(own)", ""]
                lines += [
                    "| setting | value | same result within ±30 % | what it is |", "|---|---:|---|---|",
                ]
            }
            let name = parts.dropFirst(2).joined(separator: ".")
            lines.append("| `\(name)` | \(row.value) | \(ranges[row.path] ?? "") | \(row.comment) |")
        }
        if let note = Self.note { lines += ["", note] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Where the sweep's outcome stands: path, tab, what changed.
    static let sweep = ShippedData.root.appendingPathComponent("Docs/recovery-settings-sweep.tsv")

    private static var table: [[Substring]] {
        guard let text = try? String(contentsOf: sweep, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
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
