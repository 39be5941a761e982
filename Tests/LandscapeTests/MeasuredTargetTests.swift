import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Landscape
import Parameterization
import Testing

@Suite("Measured targets")
struct MeasuredTargetTests {
    @Test("a pattern with scale, background and a width of its own becomes the structure's again")
    func synthetic() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let grid = Array(stride(from: 10.0, through: 90, by: 0.02))
        let own = try PowderCalculation(.landscapePaper(structure, fwhm: 0.17), twoTheta: grid).calculated
        let observed = zip(grid, own).map { 3.5 * $1 + 40 + 0.2 * ($0 - 50) * ($0 - 50) / 50 }
        let target = try MeasuredTarget(
            PowderPattern(twoTheta: grid, intensity: observed), model: .landscapePaper(structure),
            fitsWidth: true)
        #expect(abs(try #require(target.fittedWidth) - 0.17) < 1e-3)
        #expect(target.residual < 1e-2)
        let largest = own.max() ?? 0
        #expect(zip(target.intensity, own).allSatisfy { abs($0 - $1) < 1e-2 * largest })
    }

    @Test("a measured pattern of PbSO4: the truth is the best of every axis near it")
    func measured() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let file = LandscapeFixture.repository.appendingPathComponent("Data/patterns/pbso4-x.dat")
        let pattern = try PowderPatternFile.read(file.path).restricted(to: 16...90)
        var model = PowderModel.landscapePaper(structure)
        model.instrument.radiation = try Wavelength.radiation(named: "CuKa")
        let target = try MeasuredTarget(pattern, model: model, fitsWidth: true)
        let width = try #require(target.fittedWidth)
        #expect((0.05...0.4).contains(width) && target.residual < 0.45)
        model.instrument.widths = PeakWidths(w: width * width, eta: 0.9)
        let objective = LandscapeObjective(
            pattern: .init(
                .weightedProfileR, model: model, twoTheta: pattern.twoTheta, target: target.intensity,
                weights: target.weights))
        for name in ["a", "Pb1.x"] {
            let scan = try AxisScan.scan(objective, along: LandscapeAxis(structure, along: name))
            let best = try #require(scan.minima.min { $0.value < $1.value })
            let offset = scan.axis.length(of: best.position - scan.axis.parameter.value)
            #expect(offset < 0.02, "\(name): \(best.position)")
        }
    }

    @Test("a pattern of nothing but background is refused")
    func foreign() throws {
        let structure = try LandscapeFixture.example("pbso4")
        let grid = Array(stride(from: 10.0, through: 90, by: 0.05))
        let own = try PowderCalculation(.landscapePaper(structure), twoTheta: grid).calculated
        // Holes where the peaks should be.
        let observed = own.map { 100 - $0 / 1000 }
        #expect(throws: LandscapeError.patternIsForeign) {
            _ = try MeasuredTarget(
                PowderPattern(twoTheta: grid, intensity: observed), model: .landscapePaper(structure),
                fitsWidth: false)
        }
    }
}
