import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import NumericalMethods
import Patterns
import Refinement
import Reports
import Testing

/// What a refinement of two phases leaves in its folder.
@Suite("The folder of a refinement") struct RefinementFolderTests {
    private static let share = 0.7

    private static let files = ["pbso4", "fluorapatite"].map { Samples.path("structures/\($0).cif") }

    private static func simulation() throws -> PatternSimulation {
        PatternSimulation(
            instrument: Instrument(
                radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.01, x: 0.03)))
    }

    /// PbSO4 and fluorapatite, 7 : 3 by weight, with the noise of counts.
    private static func pattern() throws -> PowderPattern {
        var simulation = try simulation()
        simulation.fractions = [share, 1 - share]
        simulation.background = [200]
        let grid = Array(stride(from: 15.0, through: 80, by: 0.04))
        let crystals = try files.map { try PatternCrystal(readingFrom: $0) }
        var pattern = try simulation.simulate(crystals, twoTheta: grid).pattern
        var random = RandomStream(seed: 4)
        pattern.intensity = pattern.intensity.map {
            max(0, ($0 + $0.squareRoot() * random.normal()).rounded())
        }
        return pattern
    }

    private static func report() throws -> RefinementReport {
        let crystals = try files.map { try PatternCrystal(readingFrom: $0) }
        var refinement = PatternRefinement(simulation: try simulation())
        refinement.backgroundTerms = 3
        let item = RefinementJob.Item(name: "mixture.xy", try pattern(), excluded: [20...21], refinement)
        var job = RefinementJob([item], crystals)
        job.stages = [["lattice"], ["W", "X", "phase1.S1.x"]]
        return RefinementReport(
            try job.run { _ in }, files: files, version: "0", command: "wyckoff refine mixture.xy")
    }

    @Test("two phases: weighed shares come out, and every file says the same")
    func folder() throws {
        let report = try Self.report()
        try withFolder { folder in
            try report.write(to: folder, date: "2026-01-02")
            func text(_ name: String) throws -> String {
                try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            }
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(text("refined.json").utf8)) as? [String: Any])
            let phases = try #require(object["phases"] as? [[String: Any]])
            let fits = phases.compactMap { $0["fit"] as? [String: Any] }
            let weight = try #require(fits[0]["weightFraction"] as? Double)
            let uncertainty = try #require(fits[0]["weightFractionUncertainty"] as? Double)
            #expect(abs(weight - Self.share) < 4 * uncertainty && uncertainty < 0.01)
            #expect(fits.allSatisfy { ($0["rBragg"] as? Double ?? 1) < 0.1 })
            // The powder CIF: three blocks beside the first, each tied by its id; the profile reads back.
            let cif = try text("refined.cif")
            let blocks = ["data_overall", "data_pbso4", "data_fluorapatite", "data_pattern_1"]
            for block in blocks { #expect(cif.contains(block), "\(block)") }
            for tag in [
                "_pd_block_id", "_pd_phase_mass_%", "_pd_proc_ls_prof_wR_factor", "_refine_ls_R_I_factor",
                "_diffrn_radiation_wavelength_wt", "_space_group_name_Hall",
                "_computing_structure_refinement",
                "_geom_bond_distance", "_refine_ls_goodness_of_fit_all", "_pd_calc_intensity_total",
            ] { #expect(cif.contains(tag), "\(tag)") }
            #expect(!cif.contains("'?'"))
            let path = folder.appendingPathComponent("refined.cif").path
            let read = try PowderPatternFile.read(path)
            let measured = try Self.pattern()
            #expect(read.twoTheta.count == measured.twoTheta.count)
            #expect(zip(read.intensity, measured.intensity).allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(read.radiation?.lines.count == 2)
            #expect(try CrystalFile.readFirst(path).structure.composition.count == 3)
            // A free coordinate has its uncertainty in the phase's own file.
            #expect(try text("pbso4.cif").contains("S1 S 4 c 0."))
            #expect(
                try CrystalFile.readFirst(folder.appendingPathComponent("fluorapatite.cif").path).warnings
                    .isEmpty)
            let page = try text("report.html")
            for word in ["figure class=\"space\"", "refined.cif", "R Bragg"] {
                #expect(page.contains(word), "\(word)")
            }
        }
    }

    @Test(
        "what is printed names the phases, their weights, and strong correlations with both their parameters")
    func printed() throws {
        let report = try Self.report()
        let text = report.text
        #expect(text.contains("phase1") && text.contains("weight/%") && text.contains("R Bragg/%"))
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        let correlations = try #require(object["correlations"] as? [[String: Any]])
        #expect(text.contains("correlated above 0.9: ") == !correlations.isEmpty)
        #expect(correlations.allSatisfy { abs($0["value"] as? Double ?? 0) > 0.9 })
    }
}
