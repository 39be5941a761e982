import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import NumericalMethods
import Patterns
import Testing

@Suite("calibrate") struct CalibrationJobTests {
    private static let certified = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/data/patterns/nist_srm660c_100a.cif").standardizedFileURL.path

    private static let truth = Instrument(
        radiation: Radiation(wavelength: 1.5406), zero: 0.025,
        widths: PeakWidths(u: 0.006, v: -0.004, w: 0.005, x: 0.02, y: 0.015))

    /// A pattern of a standard with noise of counts, and where its fit begins.
    private static func item(_ standard: CalibrationStandard, seed: UInt64) throws -> RefinementJob.Item {
        var simulation = PatternSimulation(instrument: truth)
        simulation.background = [60]
        simulation.highest = 40_000
        let grid = stride(from: 20.0, through: 120, by: 0.02).map { $0 }
        var pattern = try simulation.simulate([try standard.crystal()], twoTheta: grid).pattern
        var random = RandomStream(seed: seed)
        pattern.intensity = pattern.intensity.map {
            max(0, ($0 + $0.squareRoot() * random.normal()).rounded())
        }
        simulation.instrument.zero = 0
        simulation.instrument.widths = PeakWidths(u: 0.004, v: -0.003, w: 0.004, x: 0.03)
        simulation.background = []
        return RefinementJob.Item(name: "s.xy", pattern, PatternRefinement(simulation: simulation))
    }

    @Test(
        "a simulated standard gives its instrument back, within four standard uncertainties",
        arguments: CalibrationStandard.allCases)
    func simulated(standard: CalibrationStandard) throws {
        var job = CalibrationJob(
            try Self.item(standard, seed: 5), try standard.crystal(), standard: standard.rawValue)
        job.stages = [["zero"], ["W", "X"], ["Y"], ["U", "V"]]
        let outcome = try job.run { _ in }
        #expect(outcome.clauses.allSatisfy { $0.outcome != .fails })
        let zero = try #require(outcome.uncertainties["zero"])
        #expect(abs(outcome.instrument.zero - 0.025) < 4 * zero && zero < 0.001)
        for (k, name) in PeakWidths.names.enumerated() {
            guard let uncertainty = outcome.uncertainties[name] else { continue }
            let difference = outcome.instrument.widths.values[k] - Self.truth.widths.values[k]
            #expect(abs(difference) < 4 * uncertainty, "\(name) \(difference) \(uncertainty)")
        }
        #expect(Set(outcome.uncertainties.keys) == ["zero", "U", "V", "W", "X", "Y"])
        #expect(outcome.instrument.radiation.wavelength == 1.5406)
    }

    @Test("the wavelength only where it is asked for: one that was given 0.05 % wrong is found")
    func wavelength() throws {
        var item = try Self.item(.lab6, seed: 6)
        item.refinement.simulation.instrument.radiation = Radiation(wavelength: 1.5406 * 1.0005)
        var job = CalibrationJob(item, try CalibrationStandard.lab6.crystal(), standard: "LaB6")
        job.stages = [["zero"], ["W", "X"], ["Y"]]
        job.refinesWavelength = true
        let outcome = try job.run { _ in }
        let uncertainty = try #require(outcome.uncertainties["wavelength"])
        #expect(abs(outcome.instrument.radiation.wavelength - 1.5406) < 4 * uncertainty)
        #expect(uncertainty < 1e-4)
        #expect(abs(outcome.certifiedCell[0] - CalibrationStandard.lab6.length) < 1e-12)
    }

    @Test(
        "LaB6 SRM 660c as measured: Rwp at most 9 %, and widths at every angle",
        .enabled(if: FileManager.default.fileExists(atPath: certified), "../shared is not there"))
    func measured() throws {
        let pattern = try PowderPatternFile.read(Self.certified)
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.002, x: 0.03),
            axial: AxialDivergence(sample: 0.03, slit: 0.03),
            equatorialDivergence: 1.05)
        var refinement = PatternRefinement(simulation: PatternSimulation(instrument: instrument))
        refinement.backgroundTerms = 10
        let item = RefinementJob.Item(name: "lab6", pattern, refinement)
        let job = CalibrationJob(item, try CalibrationStandard.lab6.crystal(), standard: "LaB6")
        let outcome = try job.run { _ in }
        #expect(outcome.result.statistics.rwp < 0.09, "Rwp \(outcome.result.statistics.rwp)")
        #expect(outcome.clauses.allSatisfy { $0.outcome != .fails }, "\(outcome.clauses)")
        #expect((outcome.uncertainties["SL"] ?? 1) < 0.01)
    }
}
