import Crystallography
import Diffraction
import Foundation
import Landscape
import Parameterization
import Publishing
import Reports
import Studies
import Symmetry
import Testing

@Suite("what scan, map and paths print") struct LandscapeSummaryTests {
    private static let twoTheta = Array(stride(from: 20.0, through: 60, by: 0.1))

    private static func copper() throws -> ReducedStructure {
        let structure = try Samples.copper()
        return try ReducedStructure(
            reducing: structure, in: #require(SpaceGroup(hallNumber: 523)), tolerance: 0.01)
    }

    private static func objective(_ structure: ReducedStructure) throws -> LandscapeObjective {
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 1))
        return LandscapeObjective(
            pattern: .init(
                .cosine, model: PowderModel(phases: [.init(structure)], instrument: instrument),
                twoTheta: twoTheta))
    }

    @Test("a scan names its group, its truth and every key of every axis; what is not known is null")
    func scan() throws {
        let structure = try Self.copper()
        let objective = try Self.objective(structure)
        let axis = try LandscapeAxis(structure, along: "a", range: 3.4...3.9)
        let scan = try AxisScan.scan(objective, along: axis)
        let summary = ScanSummary(
            file: "cu.cif", structure: structure, scans: [scan], hessian: nil, objective: objective.name,
            seconds: 1)
        let object = try Samples.object(summary)
        #expect((object["spaceGroup"] as? [String: Any])?["number"] as? Int == 225)
        #expect(object["hessian"] is NSNull)
        let first = try #require((object["axes"] as? [[String: Any]])?.first)
        #expect(first["name"] as? String == "a" && abs((first["truth"] as? Double ?? 0) - 3.615) < 1e-9)
        for key in ["period", "degree", "step", "basin", "basinReach", "basinReachInAngstrom"] {
            #expect(first[key] != nil, "\(key)")
        }
        #expect(summary.text.hasPrefix("cu.cif  F m -3 m  "))
        #expect(summary.table.rows.count == 1 && summary.hessianTable == nil)
        #expect(summary.minimaTable(0).rows.contains { $0.last == "the truth" })
        // The curve that is drawn of it, and what the pointer reads.
        let plot = AxisPlot(scan, title: "Cu")
        #expect(plot.curves[0].x.count == scan.samples.count && plot.truth == axis.parameter.value)
        let reading = plot.reading
        let data = try JSONSerialization.jsonObject(with: Data(reading.data.utf8)) as? [String: Any]
        #expect(reading.kind == "curve" && (data?["curves"] as? [Any])?.count == 1)
    }

    @Test("a map counts its minima and says which is the truth")
    func map() async throws {
        let structure = try Samples.reduced("pbso4")
        let plane = try LandscapePlane(structure, along: ("a", "b"))
        let (a, b) = (plane.x.value, plane.y.value)
        let steps = (-10...10).map { 0.02 * Double($0) }
        let map = try await LandscapeMap.evaluated(
            x: steps.map { a + $0 }, y: steps.map { b + $0 },
            prepare: { { x, y in (x - a) * (x - a) + 2 * (y - b) * (y - b) } })
        let summary = MapSummary(
            file: "x.cif", structure: structure, plane: plane, map: map, objective: "cosine", seconds: 1)
        let object = try Samples.object(summary)
        #expect((object["spaceGroup"] as? [String: Any])?["symbol"] as? String == "P n m a")
        #expect(object["truthMinimum"] as? Int == 0 && (object["minima"] as? [Any])?.count == 1)
        #expect(summary.sentences.contains { $0.contains("leads to the truth") })
        let plot = SurfacePlot(map, plane: plane, title: "x", valueName: "v")
        #expect(plot.minima.count == 1 && plot.truth?.x == a && plot.reading.kind == "surface")
    }

    @Test("a basin that ends nowhere, as of a flat line, is null and drawn as NaN")
    func gaps() throws {
        let plot = AxisPlot(
            title: "t", axisTitle: "a", valueName: "v",
            curves: [.init(name: "c", x: [0, 1, 2], y: [1, .infinity, 2])])
        let data = try JSONSerialization.jsonObject(with: Data(plot.reading.data.utf8)) as? [String: Any]
        let curve = try #require((data?["curves"] as? [[String: Any]])?.first)
        #expect((curve["y"] as? [Any])?[1] is NSNull)
        try withFolder { folder in
            let files = try plot.write(to: folder, name: "c")
            #expect(try String(contentsOf: files.data, encoding: .utf8).contains("1.0\tNaN"))
        }
    }

    @Test("the report of a study of landscapes counts scans, axes and structures, and holds its command")
    func study() throws {
        func row(_ axis: String, _ measure: String, _ reach: Double) throws -> LandscapeStudy.Row {
            try #require(
                LandscapeStudy.Row(fields: [
                    "s", "cubic", measure, "0.0", "90.0", axis, "length", "heuristic", "range", "2", "1", "1",
                    "\(reach)", "1.0", "0", "0.5", "0", "multi-funnel", "–",
                ]))
        }
        let rows = try [row("a", "cosine", 0.1), row("a", "mse", 0.2), row("b", "cosine", 0.2)]
        let report = LandscapeStudyReport(rows, command: "wyckoff study landscape")
        #expect(report.markdown.hasPrefix("3 scans of 2 axes of 1 structures (1 cubic)."))
        #expect(report.markdown.contains("| length | cosine | 2 | 100 % |"))
        #expect(report.text.hasPrefix("3 scans of 2 axes") && !report.text.contains("|"))
        #expect(report.text.contains(/length +cosine +2 +100 %/))
        try withFolder { folder in
            _ = try report.write(to: folder)
            let page = try String(
                contentsOf: folder.appendingPathComponent("report.html"), encoding: .utf8)
            #expect(page.contains("wyckoff study landscape"))
        }
    }
}
