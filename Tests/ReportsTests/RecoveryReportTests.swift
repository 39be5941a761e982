import Crystallography
import Foundation
import Publishing
import Recovery
import Reports
import Testing

@Suite struct RecoveryReportTests {
    static let summaryText = """
        {"version":"0.1.0","seed":1,"seconds":12.4,"pattern":"/data/pbso4-x.dat","start":"start.cif",
        "spaceGroup":{"number":62,"symbol":"P n m a","choice":"","hallNumber":292},
        "cell":{"a":8.4802134,"b":5.3982871,"c":6.959523,"alpha":90,"beta":90,"gamma":90},"volume":318.59,
        "sites":[
        {"label":"Pb1","element":"Pb","letter":"c","multiplicity":4,"x":0.18812,"y":0.25,"z":0.16712,"displacement":0.011},
        {"label":"S1","element":"S","letter":"c","multiplicity":4,"x":0.0632,"y":0.25,"z":0.6861,"displacement":0.02},
        {"label":"O1","element":"O","letter":"c","multiplicity":4,"x":0.905,"y":0.25,"z":0.595},
        {"label":"O2","element":"O","letter":"c","multiplicity":4,"x":0.185,"y":0.25,"z":0.543},
        {"label":"O3","element":"O","letter":"d","multiplicity":8,"x":0.079,"y":0.026,"z":0.809}],
        "parameters":[{"name":"a","value":8.4802134,"uncertainty":0.00012,"unit":"Å"},
        {"name":"Pb1.x","value":0.18812,"uncertainty":0.00023,"unit":""},
        {"name":"scale","value":0.000123456789,"unit":""}],
        "rwp":0.1184,"rwpBackgroundSubtracted":0.14,"rexp":0.0621,"gof":1.9066,"rBragg":0.034,"rwpPawley":0.09,
        "points":2901,"range":[15,160],"excluded":[[38.1,38.9]],"symmetryVerified":true,"shortestDistance":1.471,
        "shortestContact":0.87,"matched":true,"rmsDisplacement":0.031,"maxDisplacement":0.09,
        "alternatives":[{"spaceGroup":{"number":33,"symbol":"P n 21 a","choice":"-cba","hallNumber":169},
        "rwp":0.118,"reason":"no better & more parameters"}],
        "warnings":["one <b> warning"],"patterns":[],
        "proof":{"clauses":[{"name":"symmetry","outcome":"holds","sentence":"P n m a found again"},
        {"name":"reference","outcome":"unknown","sentence":"no reference to compare with"}]}}
        """

    static func report() throws -> RecoveryReport {
        let summary = try JSONDecoder().decode(RecoverySummary.self, from: Data(summaryText.utf8))
        return RecoveryReport(
            summary, fit: SampleFit.plot(), command: "wyckoff recover --pattern pbso4-x.dat")
    }

    @Test func thePageShowsWhatWasFound() throws {
        let html = try Self.report().page([.svg(ReportPageTests.svg)]).html
        for text in [
            "Recovery of PbSO4", "Recovered and proven", "11.84", "8.48021(12)", "0.1881(2)", "4c", "8d",
            "0.011",
            "38.10–38.90", "one &lt;b&gt; warning", "no better &amp; more",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test func aFailedProofIsSaidFirst() throws {
        var report = try Self.report()
        report.summary.proof = Proof([VerdictClause("fit", .fails, "the structure does not explain it")])
        let html = report.page([.missing("gnuplot is not on the PATH")]).html
        #expect(html.contains("Not proven"))
        #expect(html.contains("the structure does not explain it"))
        #expect(!html.contains("Recovered and proven"))
        #expect(html.contains("Not drawn: gnuplot is not on the PATH"))
    }

    @Test(.enabled(if: Gnuplot.executable() != nil, "gnuplot is not installed")) func everyFileIsWritten()
        throws
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.report().write(to: folder)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "fit-reflections.tsv", "fit.gnuplot", "fit.png", "fit.svg", "fit.tsv", "parameters.tsv",
                "report.html",
            ])
        let table = try String(contentsOf: folder.appendingPathComponent("parameters.tsv"), encoding: .utf8)
        #expect(table.hasPrefix("name\tvalue\tuncertainty\tunit\na\t8.4802134\t0.00012\tÅ\n"))
        #expect(table.hasSuffix("scale\t0.000123456789\t\t\n"))
        // One to look at, for whoever works on the page.
        if let kept = ProcessInfo.processInfo.environment["WYCKOFF_SAMPLE_REPORT"] {
            try Self.report().write(to: URL(fileURLWithPath: kept))
        }
    }

    /// All the work was done: a number that is none must not take it away.
    @Test func aRecoveryWithoutAFiniteRwpIsWritten() throws {
        var summary = try Self.report().summary
        summary.rBragg = .nan
        #expect(try summary.json().contains("\"rBragg\" : null"))
    }
}
