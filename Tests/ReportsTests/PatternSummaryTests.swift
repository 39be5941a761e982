import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Patterns
import Publishing
import Refinement
import Reports
import Testing

@Suite("what pattern, compare and refine print") struct PatternSummaryTests {
    private static let grid = Array(stride(from: 15.0, through: 60, by: 0.05))

    private static func simulation() throws -> PatternSimulation {
        PatternSimulation(
            instrument: Instrument(
                radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.02)))
    }

    private static func crystal() throws -> PatternCrystal {
        try PatternCrystal(readingFrom: Samples.path("structures/pbso4.cif"))
    }

    @Test(
        "reflections and profile are null where they were not asked for, and the strongest reflection is 100")
    func pattern() throws {
        let crystal = try Self.crystal()
        let result = try Self.simulation().simulate([crystal], twoTheta: Self.grid)
        let listed = PatternSummary(
            [crystal], result, fractions: nil, withReflections: true, withProfile: false)
        #expect(listed.reflections?.map(\.relativeIntensity).max() == 100)
        let profile = PatternSummary(
            [crystal], result, fractions: nil, withReflections: false, withProfile: true)
        #expect(profile.twoTheta?.count == Self.grid.count)
        let (first, second) = (try Samples.object(listed), try Samples.object(profile))
        #expect(Set(first.keys) == Set(second.keys))
        #expect(first["twoTheta"] is NSNull && second["reflections"] is NSNull)
        #expect((first["spaceGroup"] as? [String: Any])?["hallNumber"] as? Int == 292)
        #expect(listed.text.contains("P n m a (62)"))
        #expect(profile.text == profile.heading)
    }

    @Test(
        "a pattern is drawn whole, or its columns stand where the picture was to be",
        .enabled(if: Gnuplot.executable() != nil, "gnuplot is not installed"))
    func plot() throws {
        let crystal = try Self.crystal()
        let result = try Self.simulation().simulate([crystal], twoTheta: Self.grid)
        try withFolder { folder in
            let file = folder.appendingPathComponent("p.svg")
            try PatternPlot([crystal], result).write(to: file, format: .svg)
            #expect(try String(contentsOf: file, encoding: .utf8).contains("</svg>"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["p.svg"])
        }
    }

    @Test("a comparison of a crystal with itself: every similarity 1, every distance 0, and a match")
    func comparison() throws {
        let source = try PatternSource.read(Samples.path("structures/pbso4.cif"))
        let comparison = PatternComparison(simulation: try Self.simulation(), grid: Self.grid)
        let result = try comparison.compare(source, source, metrics: ComparisonMetric.all)
        let summary = ComparisonSummary(
            files: ["a", "b"], result, tolerances: comparison.tolerances)
        for value in summary.similarities.values { #expect(abs((value ?? 0) - 1) < 1e-6) }
        for value in summary.distances.values { #expect(abs(value ?? 1) < 1e-6) }
        #expect(summary.match?.isMatch == true && summary.text.contains("structures: match"))
        let object = try Samples.object(summary)
        #expect(object.keys.contains("variableCell"))
    }

    @Test("a refinement of what was calculated: every key, uncertainties or null, the verdict's clauses")
    func refinement() throws {
        let crystal = try Self.crystal()
        let calculated = try Self.simulation().simulate([crystal], twoTheta: Self.grid)
        let scale = 5000 / (calculated.calculated.max() ?? 1)
        let measured = PowderPattern(
            twoTheta: Self.grid, intensity: calculated.calculated.map { (scale * $0 + 40).rounded() })
        var refinement = PatternRefinement(simulation: try Self.simulation())
        refinement.backgroundTerms = 2
        refinement.stages = [["lattice"]]
        let item = RefinementJob.Item(name: "p", measured, excluded: [20...21], refinement)
        let outcome = try RefinementJob([item], [crystal]).run { _ in }
        let summary = RefinementSummary(outcome, files: ["x"])
        let object = try Samples.object(summary)
        #expect(object["excluded"] as? [[Double]] == [[20, 21]])
        let rows = try #require(object["parameters"] as? [[String: Any]])
        #expect(rows.allSatisfy { Set($0.keys) == ["name", "value", "uncertainty", "unit", "isAtBound"] })
        // A phase alone is all of the sample, and explains its own reflections.
        let phase = try #require(summary.phases.first)
        #expect(phase.fit.weightFraction == 1 && phase.fit.weightFractionUncertainty == nil)
        #expect((phase.fit.rBragg ?? 1) < 0.1 && (phase.fit.rF ?? 1) < 0.1)
        #expect(phase.bonds.allSatisfy { $0.distance > 1.3 && $0.distance < 3.2 } && !phase.bonds.isEmpty)
        #expect(summary.rwp < 0.02 && summary.text.contains("Rwp"))
        #expect(summary.text.hasSuffix(summary.verdict.marked.joined(separator: "\n")))
    }

    @Test("clauses are listed by what they say: held, unknown, failed")
    func marked() {
        let clauses = [
            VerdictClause("a", .fails, "one"), VerdictClause("b", .holds, "two"),
            VerdictClause("c", .unknown, "three"),
        ]
        #expect(clauses.marked == ["✓ two", "– three", "✗ one"])
        #expect(clauses.map { HTMLPage.Check($0).passed } == [false, true, nil])
    }
}
