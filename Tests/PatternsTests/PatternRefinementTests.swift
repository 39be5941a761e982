import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Patterns
import Testing

/// Measured patterns fitted as well as by the programs of those who measured them, with the same models.
@Suite("Refinement of known structures") struct PatternRefinementTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL
    private static let certified = root.appending(path: "../shared/data/patterns/nist_srm660c_100a.cif")
        .standardizedFileURL.path

    static func data(_ name: String) -> String { root.appending(path: "Data/" + name).path }

    /// The model of FAP.EXP beside the pattern: lines 1.5405 and 1.5443 Å (2 : 1), unpolarised, 15–130°, three terms of
    /// background function 5, U V W at the instrument's 2 −2 5 (8 ln 2 · 10⁻⁴ deg²); refined are the scale, the
    /// background, the cell, twelve coordinates, seven U, LX, LY and the shift: 28 variables.
    private static func fluorapatite(_ pattern: PowderPattern) throws -> PatternRefinement {
        let unit = 8 * log(2.0) * 1e-4
        let instrument = Instrument(
            radiation: try Wavelength.radiation(lines: "1.5405:1,1.5443:0.5"),
            widths: PeakWidths(u: 2 * unit, v: -2 * unit, w: 5 * unit, x: 0.03, y: 0.02))
        var refinement = PatternRefinement(simulation: PatternSimulation(instrument: instrument))
        refinement.backgroundFunction = .inverseQ
        refinement.backgroundTerms = 3
        refinement.stages = [["lattice", "displacement"], ["X", "Y"], ["coordinates", "adps"]]
        return refinement
    }

    @Test("fluorapatite: Rwp at most 1.15 times the 10.05 % of GSAS, with its 28 variables")
    func fluorapatite() throws {
        let crystal = try PatternCrystal(readingFrom: Self.data("structures/fluorapatite.cif"))
        let pattern = try PowderPatternFile.read(Self.data("patterns/FAP.XRA")).restricted(to: 15...129.98)
        let result = try Self.fluorapatite(pattern).refine(
            [crystal], pattern: pattern, weights: pattern.weights())
        #expect(result.converged)
        #expect(result.refined.count == 28)
        #expect(result.statistics.rwp <= 1.15 * 0.1005, "Rwp \(result.statistics.rwp)")
        // The cell that GSAS found.
        #expect(abs((result.model["a"] ?? 0) - 9.371724) < 2e-4)
        #expect(abs((result.model["c"] ?? 0) - 6.885867) < 2e-4)
    }

    /// The published fit (block `…_calc` of the file) is one of fundamental parameters with an intensity for every
    /// reflection: Rwp with the file's weights 6.05 %. Here too: the emission profile of copper, the file's Soller slit
    /// (6.776° in all) and equatorial divergence (1.05°), the certified cell.
    @Test(
        "LaB6 SRM 660c: Rwp at most 1.15 times the published 6.05 %",
        .enabled(if: FileManager.default.fileExists(atPath: certified), "../shared is not there"))
    func lanthanumHexaboride() throws {
        let crystal = try PatternCrystal(readingFrom: Self.certified)
        let pattern = try PowderPatternFile.read(Self.certified)
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa-emission"),
            widths: PeakWidths(w: 0.0006, x: 0.022),
            axial: AxialDivergence(sample: 0.02, slit: 0.01, incident: 3.388), equatorialDivergence: 1.05)
        var refinement = PatternRefinement(simulation: PatternSimulation(instrument: instrument))
        refinement.backgroundTerms = 10
        refinement.freeIntensities = true
        refinement.stages = [["zero", "displacement"], ["W", "X", "Y", "transparency", "SL"], ["U", "V"]]
        let result = try refinement.refine([crystal], pattern: pattern, weights: pattern.weights())
        #expect(result.statistics.rwp <= 1.15 * 0.0605, "Rwp \(result.statistics.rwp)")
        #expect(abs((result.model["a"] ?? 0) - 4.156780) < 1e-9)
    }

    /// A pattern that was calculated from the structure is fitted to the last digit, and free intensities give back the
    /// structure's.
    @Test("a calculated pattern is found again, with the structure's intensities and with free ones")
    func calculatedPattern() throws {
        let crystal = try PatternCrystal(readingFrom: Self.data("structures/pbso4.cif"))
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.01, x: 0.03))
        var simulation = PatternSimulation(instrument: instrument)
        simulation.background = [300, -40, 20]
        let grid = stride(from: 15.0, through: 60, by: 0.02).map { $0 }
        var truth = simulation
        truth.instrument.zero = 0.03
        let pattern = try truth.simulate([crystal], twoTheta: grid).pattern
        for free in [false, true] {
            var refinement = PatternRefinement(simulation: simulation)
            refinement.backgroundTerms = 3
            refinement.freeIntensities = free
            refinement.stages = [["zero"], ["lattice", "W", "X"]]
            let result = try refinement.refine([crystal], pattern: pattern, weights: pattern.weights())
            #expect(result.statistics.rwp < 1e-4, "free \(free): Rwp \(result.statistics.rwp)")
            #expect(abs((result.model["zero"] ?? 0) - 0.03) < 1e-4)
            #expect(abs((result.model["b"] ?? 0) - 5.398) < 1e-4)
        }
    }

    @Test("an unknown parameter is refused with the names that are known") func unknownParameter() throws {
        let crystal = try PatternCrystal(readingFrom: Self.data("structures/pbso4.cif"))
        let pattern = try PowderPatternFile.read(Self.data("patterns/pbso4-x.dat"))
        var refinement = PatternRefinement(
            simulation: PatternSimulation(
                instrument: Instrument(radiation: try Wavelength.radiation(named: "CuKa"))))
        refinement.stages = [["lattice", "zeros"]]
        let error = #expect(throws: PatternError.self) {
            _ = try refinement.refine([crystal], pattern: pattern, weights: pattern.weights())
        }
        #expect(error?.description.contains("'zeros'") == true)
    }
}
