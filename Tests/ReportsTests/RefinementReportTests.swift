import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import NumericalMethods
import Patterns
import Reports
import Testing

@Suite("what refine prints and draws") struct RefinementReportTests {
    /// A calculated pattern with noise of its own, so many times.
    private static func outcome(_ count: Int) throws -> RefinementJob.Outcome {
        let simulation = PatternSimulation(
            instrument: Instrument(radiation: try Wavelength.radiation(named: "CuKa")))
        let crystal = try PatternCrystal(
            readingFrom: Samples.path("structures/pbso4.cif"), symmetry: .file, tolerance: nil)
        let exact = try simulation.simulate(
            [crystal], twoTheta: Array(stride(from: 15.0, through: 60, by: 0.05))
        ).pattern
        let items = (1...count).map { number in
            var random = RandomStream(seed: UInt64(number))
            var noisy = exact
            let level = 4 * Double(number)
            noisy.intensity = exact.intensity.map {
                max(0, $0 + level * ($0 + 1).squareRoot() * random.normal())
            }
            return RefinementJob.Item(
                name: "x\(number).xy", noisy, PatternRefinement(simulation: simulation))
        }
        var job = RefinementJob(items, [crystal])
        job.stages = [["a"]]
        return try job.run { _ in }
    }

    @Test(
        "JointRefinementSummary: the whole fits no better than its best pattern and no worse than its worst")
    func joint() throws {
        let outcome = try Self.outcome(2)
        let result = try #require(outcome.joint)
        let summary = JointRefinementSummary(outcome, result, files: ["pbso4.cif"])
        let parts = summary.patterns.map(\.rwp)
        #expect(parts.count == 2 && parts[0] < parts[1])
        #expect(summary.rwp >= parts[0] && summary.rwp <= parts[1])
        #expect(summary.points == summary.patterns.reduce(0) { $0 + $1.points })
        #expect(summary.patterns.map(\.name) == ["pattern1", "pattern2"])
        // A parameter of the crystal stands once, those of the patterns for each.
        #expect(summary.parameters.filter { $0.name == "a" }.count == 1)
        #expect(summary.parameters.filter { $0.name.hasSuffix(".scale") }.count == 2)
        let object = try Samples.object(summary)
        #expect(
            (object["patterns"] as? [[String: Any]])?.compactMap { $0["file"] as? String } == [
                "x1.xy", "x2.xy",
            ])
    }

    @Test("one pattern and several print what their summaries do", arguments: [1, 2])
    func prints(count: Int) throws {
        let report = RefinementReport(try Self.outcome(count), files: ["pbso4.cif"])
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        #expect((object["patterns"] != nil) == (count > 1))
        #expect(report.text.contains("pbso4.cif") && report.text.contains("Rwp"))
    }

    @Test("the second pattern's table is called after the first's, and what cannot be written stops no other")
    func draws() throws {
        let outcome = try Self.outcome(2)
        let report = RefinementReport(outcome, files: ["pbso4.cif"])
        try withFolder { folder in
            let fit = folder.appendingPathComponent("fit.tsv")
            #expect(report.draw(to: fit.path).isEmpty)
            for name in ["fit.tsv", "fit-2.tsv"] {
                let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                let rows = text.split(separator: "\n").filter { $0.first?.isNumber == true }
                #expect(rows.count == outcome.items[0].pattern.twoTheta.count, "\(name)")
            }
            try FileManager.default.removeItem(at: fit)
            try FileManager.default.createDirectory(at: fit, withIntermediateDirectories: false)
            #expect(report.draw(to: fit.path).count == 1)
        }
    }
}
