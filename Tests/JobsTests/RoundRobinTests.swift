import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Patterns
import Testing

/// Mixtures that were weighed, of the round robin on quantitative phase analysis (Madsen et al., J. Appl. Cryst. 34 (2001)
/// 409).
@Suite("The round robin on quantitative phase analysis") struct RoundRobinTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL
    private static let folder = root.appending(path: "../shared/data/patterns/qarr").standardizedFileURL
    private static let isThere = FileManager.default.fileExists(
        atPath: folder.appending(path: "cpd-1e.prn").path)

    /// In per cent: corundum, fluorite, zincite.
    @Test(
        "weighed in and found, within 1.5 per cent of the sample (Docs/Patterns.md has the figures)",
        .enabled(if: isThere, "../shared is not there"),
        arguments: [("cpd-1a", [1.15, 94.81, 4.04]), ("cpd-1e", [55.12, 29.62, 15.25])])
    func weighed(sample: String, weights: [Double]) throws {
        let crystals = try ["corundum", "fluorite", "zincite"].map {
            try PatternCrystal(readingFrom: Self.root.appending(path: "Data/structures/\($0).cif").path)
        }
        let pattern = try PowderPatternFile.read(Self.folder.appending(path: "\(sample).prn").path)
            .restricted(to: 15...145)
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"),
            polarization: Instrument.polarization(monochromatorTwoTheta: 26.6),
            widths: PeakWidths(u: 0.004, v: -0.003, w: 0.004, x: 0.03),
            axial: AxialDivergence(sample: 0.02, slit: 0.02))
        var refinement = PatternRefinement(simulation: PatternSimulation(instrument: instrument))
        refinement.backgroundTerms = 8
        var job = RefinementJob([.init(name: sample, pattern, refinement)], crystals)
        job.stages = [["lattice", "displacement"], ["W", "X"], ["U", "V", "Y", "SL"], ["adps"]]
        let outcome = try job.run { _ in }
        let phases = try #require(outcome.fractions.first).phases
        for (phase, weight) in zip(phases, weights) {
            let uncertainty = try #require(phase.uncertainty)
            #expect(abs(100 * phase.fraction - weight) < 1.5, "\(100 * phase.fraction) for \(weight)")
            #expect(uncertainty < 0.003)
        }
        #expect(outcome.verdict.clauses.allSatisfy { $0.outcome != .fails })
    }
}
