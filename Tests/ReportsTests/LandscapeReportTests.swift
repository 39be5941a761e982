import Crystallography
import Diffraction
import Foundation
import Jobs
import Landscape
import Parameterization
import Reports
import Studies
import Symmetry
import Testing

@Suite("folders of landscapes") struct LandscapeReportTests {
    private static func choice() -> ObjectiveChoice {
        var choice = ObjectiveChoice(
            .pattern(.cosine), twoTheta: Array(stride(from: 20.0, through: 70, by: 0.2)))
        choice.fwhm = 2
        return choice
    }

    private static func copper() throws -> ReducedStructure {
        try ReducedStructure(
            reducing: Samples.copper(), in: #require(SpaceGroup(hallNumber: 523)), tolerance: 0.01)
    }

    private static func text(_ name: String, in folder: URL) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    @Test("ScanReport: the folder says what is printed, an axis a row, a curve for each width")
    func scan() async throws {
        var job = ScanJob(try Self.copper(), Self.choice(), along: [.init("a", range: 3.4...3.9)])
        job.widths = [3, 1]
        let outcome = try await job.run { _ in }
        let report = ScanReport(outcome, file: "cu.cif", axes: "a", command: "wyckoff scan cu.cif")
        try withFolder { folder in
            _ = try report.write(to: folder)
            #expect(try Self.text("summary.json", in: folder) == report.summary.json())
            let rows = try Self.text("axes.tsv", in: folder).split(separator: "\n")
            #expect(rows.count == 1 + outcome.scans.count)
            let page = try Self.text("report.html", in: folder)
            for part in ["F m -3 m", "wyckoff scan cu.cif", "FWHM"] {
                #expect(page.contains(part), "\(part)")
            }
            let curves = try Self.text("widths-a.tsv", in: folder)
            #expect(curves.contains("FWHM 3.0") && curves.contains("FWHM 1.0"))
        }
    }

    @Test("the settings that a scan was seen with stand in its JSON")
    func settings() async throws {
        var choice = Self.choice()
        choice.settings.sampling.depth = 3
        let job = ScanJob(try Self.copper(), choice, along: [.init("a", range: 3.5...3.7)])
        let outcome = try await job.run { _ in }
        let summary = ScanReport(outcome, file: "", axes: "a", command: "").summary
        let settings = try #require(try Samples.object(summary)["settings"] as? [String: Any])
        #expect((settings["sampling"] as? [String: Any])?["depth"] as? Int == 3)
    }

    @Test("MapReport: every value of the grid is in the folder, and the summary is what is printed")
    func map() async throws {
        let structure = try Samples.reduced("pbso4")
        let plane = try LandscapePlane(structure, along: ("a", "b"))
        let outcome = try await MapJob(structure, plane, Self.choice(), PlaneSampling(7, 5)).run { _ in }
        let report = MapReport(outcome, file: "pbso4.cif", objective: "cosine", command: "wyckoff map")
        try withFolder { folder in
            _ = try report.write(to: folder)
            #expect(try Self.text("summary.json", in: folder) == report.summary.json())
            let page = try Self.text("report.html", in: folder)
            #expect(page.contains("P n m a") && page.contains("Minima of the grid"))
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let data = try #require(files.first { $0.hasPrefix("map") && $0.hasSuffix(".tsv") })
            let lines = try Self.text(data, in: folder).split(separator: "\n").filter { !$0.hasPrefix("#") }
            let numbers = lines.flatMap { $0.split(separator: "\t") }.compactMap { Double($0) }
            for value in outcome.map.values.joined() {
                #expect(numbers.contains { abs($0 - value) <= 1e-5 * max(1, abs(value)) })
            }
        }
    }

    @Test("PathsReport: a path a row, its end in the columns of the axes")
    func paths() async throws {
        let reference = try RecoveryReference.prepared(
            name: "pbso4", structure: Samples.record("pbso4").structure)
        let plane = try LandscapePlane(reference.reduced, along: ("a", "b"))
        var arm = DescentArm(.descent, measure: .cosine)
        arm.recordsTrajectory = true
        let choice = Self.choice()
        let a = plane.x.value
        let job = PathsJob(
            reference, plane, from: .parameters([.init("a", a + 0.05)]), arms: [arm], measure: .cosine,
            model: choice.model(reference.reduced), twoTheta: choice.twoTheta, sampling: PlaneSampling(5, 5))
        let outcome = try await job.run { _ in }
        let report = PathsReport(outcome, file: "pbso4.cif", lossName: "1 − cosine", command: "wyckoff paths")
        let summary: PathsSummary = report.summary
        #expect(summary.table.rows.count == 1 && outcome.paths.count == 1)
        let first = try #require(outcome.paths[0].points.first)
        #expect(abs(first.x - a - 0.05) < 1e-9)
        let end = try #require(outcome.paths[0].points.last)
        #expect(summary.table.rows[0][1] == String(format: "%.4f", end.x))
        #expect(summary.text.hasPrefix("method"))
        try withFolder { folder in
            _ = try report.write(to: folder)
            #expect(try Self.text("summary.json", in: folder) == summary.json())
            #expect(try Self.text("report.html", in: folder).contains("Where they ended"))
        }
    }
}
