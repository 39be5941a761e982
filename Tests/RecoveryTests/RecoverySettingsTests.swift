import Design
import Foundation
import Landscape
import Matching
import Recovery
import Testing

/// Docs/RecoverySettings.md and Docs/Settings.md are made of the settings' own comments and values; WYCKOFF_WRITE=1 writes
/// them.
@Suite("Settings") struct RecoverySettingsTests {
    @Test("the pages of the settings are what their comments and values make")
    func page() throws {
        let pages = [
            ("Docs/RecoverySettings.md", try SettingsPage.recovery()),
            ("Docs/Settings.md", try SettingsPage.others()),
        ]
        for (name, page) in pages {
            let file = ShippedData.root.appendingPathComponent(name)
            if ProcessInfo.processInfo.environment["WYCKOFF_WRITE"] != nil {
                try page.text.write(to: file, atomically: true, encoding: .utf8)
            }
            #expect(
                try String(contentsOf: file, encoding: .utf8) == page.text,
                "\(name) is out of date: run this test with WYCKOFF_WRITE=1")
        }
    }

    @Test("every setting says what it is")
    func comments() throws {
        let (recovery, others) = (try SettingsPage.recovery(), try SettingsPage.others())
        #expect(recovery.rows.count > 180 && others.rows.count > 100)
        for row in recovery.rows + others.rows { #expect(row.comment.count > 12, "\(row.path)") }
    }

    @Test("settings survive the way through JSON")
    func json() throws {
        let measured = RecoverySettings()
        let data = try JSONEncoder().encode(measured)
        #expect(try JSONDecoder().decode(RecoverySettings.self, from: data) == measured)
        let exact = ExactSettings()
        let other = try JSONEncoder().encode(exact)
        #expect(try JSONDecoder().decode(ExactSettings.self, from: other) == exact)
        func survives<T: Codable & Equatable>(_ value: T) throws -> Bool {
            try JSONDecoder().decode(T.self, from: JSONEncoder().encode(value)) == value
        }
        #expect(try survives(ScanSettings()))
        #expect(try survives(MatchTolerances()))
        #expect(try survives(DesignSettings()))
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
