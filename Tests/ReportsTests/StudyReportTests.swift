import Foundation
import Reports
import Studies
import Testing

/// Runs that are made up: what a table shows of them is known.
private func run(
    _ sample: Int, structure: String = "s", arm: String = "wyckoff", objective: String = "",
    measures: RecoveryMeasures?
) -> RecoveryRun {
    RecoveryRun(
        structure: structure, crystalSystem: "cubic", freeCoordinates: 1, arm: arm, prior: "positions",
        objective: objective, noise: "lattice", level: 0.1, sample: sample, measures: measures, seconds: 0.1,
        note: "", start: "", end: "", path: "[]")
}

private func measures(matched: Bool = true, cosine: Double = 1, rms: Double = 0) -> RecoveryMeasures {
    RecoveryMeasures(
        matched: matched, matchedFixedScale: matched, exact: matched, ambiguous: false, cosine: cosine,
        rwp: 0,
        cellError: 0, volumeError: 0, rmsDisplacement: rms, structuralDistance: 0.1, meanSquaredError: 0,
        entropy: cosine)
}

@Suite("the table of a study") struct StudyTableTests {
    @Test("results have the columns that the documentation names, one line a run")
    func columns() {
        let lines = StudySummary([run(0, measures: measures()), run(1, measures: nil)]).csv
            .split(separator: "\n")
        #expect(
            lines.first
                == "structure,crystalSystem,freeCoordinates,arm,prior,noise,level,sample,matched,matchedFixedScale,exact,ambiguous,cosine,rwp,cellError,volumeError,rmsDisplacement,structuralDistance,seconds"
        )
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 19 })
        #expect(lines.first?.split(separator: ",").map(String.init) == StudySummary.columns)
    }

    @Test("a number that is none leaves its cell empty, and a name with a comma is one cell")
    func cells() {
        let text = StudySummary([run(0, structure: "a,\"b\"", measures: measures(rms: .nan))]).csv
        #expect(!text.contains("nan"))
        #expect(text.contains("\n\"a,\"\"b\"\"\",cubic"))
    }
}

@Suite("the report of a study") struct StudyReportTests {
    private static let report = StudyReport(
        StudySummary(
            (0..<4).map { run($0, measures: measures(matched: $0 < 3)) }
                + (0..<4).map { run($0, arm: "nothing", measures: nil) }), command: "wyckoff study 'a b'")

    @Test("its text holds the command and a rate with its interval for each arm")
    func markdown() {
        let text = Self.report.markdown
        #expect(text.hasPrefix("```\nwyckoff study 'a b'\n```"))
        #expect(text.contains("| wyckoff | positions | 4 | 0.750 ["))
        #expect(text.contains("| nothing | positions | 4 | 0.000 ["))
    }

    @Test("a terminal gets aligned columns that fit it, with a rate and its interval for each arm")
    func terminal() {
        let text = Self.report.text
        #expect(!text.contains("|") && !text.contains("```"))
        #expect(
            text.contains(/wyckoff +positions +4 +0\.750 \[/)
                && text.contains(/nothing +positions +4 +0\.000 \[/))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(text)")
    }

    @Test("the folder holds page, text, table and columns whether or not gnuplot is there")
    func files() throws {
        try withFolder { folder in
            _ = try Self.report.write(to: folder)
            let names = Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
            #expect(names.isSuperset(of: ["report.html", "report.md", "results.csv", "rates.tsv"]))
        }
    }
}
