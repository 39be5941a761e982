import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Reaches `ReflectionRange`.
@Suite("Continuity") struct ContinuityTests {
    /// Slides the lattice so that reflections cross the end of the range and the list is made anew, and compares
    /// every step of value and gradient with its neighbours: a jump would stand out against the smooth change.
    @Test(
        "value and gradient stay continuous while reflections enter and leave",
        arguments: [PeakNormalization.area, .height])
    func crossing(normalization: PeakNormalization) throws {
        var random = RandomStream(seed: 2)
        let structure = try #require(RandomModels.structure(hallNumber: 292, random: &random))
        let infinite = normalization == .height
        let instrument =
            infinite
            ? Instrument.landscapePaper
            : Instrument(
                radiation: Radiation(wavelength: 1.5406), widths: PeakWidths(w: 0.02, x: 0.05), radius: 15)
        let model = PowderModel(
            phases: [.init(structure)], instrument: instrument, scatteringTable: infinite ? .pymatgen : .wk95,
            dispersion: !infinite)
        let grid = stride(from: 10.0, through: 45.0, by: 0.05).map { $0 }
        let calculation = try PowderCalculation(model, twoTheta: grid, free: ["a"])
        let target = calculation.calculated
        let start = try #require(calculation["a"])
        let measure = SimilarityMeasure.cosine.prepared(target: target, twoTheta: grid)
        let count = 1200
        // Twelve per cent: several crossings of the end and several listings.
        let step = 0.12 * start / Double(count)
        var values: [Double] = []
        var slopes: [Double] = []
        for i in 0..<count {
            calculation.values = [start + step * Double(i)]
            let (value, gradient) = measure.valueAndGradient(calculation.calculated)
            values.append(value)
            slopes.append(calculation.gradient(of: gradient)[0])
        }
        var curvature = 0.0
        for i in 1..<count { curvature = max(curvature, abs(slopes[i] - slopes[i - 1]) / step) }
        for i in 1..<count {
            // The trapezoid rule from the gradient predicts the step; a pop of a reflection would break it.
            let predicted: Double = 0.5 * (slopes[i] + slopes[i - 1]) * step
            let deviation: Double = abs(values[i] - values[i - 1] - predicted)
            let bound: Double = 0.1 * curvature * step * step + 1e-12
            #expect(deviation <= bound, "step \(i): \(deviation) above \(bound)")
        }
        let jumps = (1..<count).map { abs(slopes[$0] - slopes[$0 - 1]) }
        let largest = slopes.map(abs).max() ?? 0
        #expect(
            (jumps.max() ?? 0) <= 0.05 * largest, "the gradient jumps by \(jumps.max() ?? 0) of \(largest)")
    }

    @Test("a cell with more reflections than can be listed has no pattern, and a fit comes back from there")
    func runaway() throws {
        var random = RandomStream(seed: 2)
        let structure = try #require(RandomModels.structure(hallNumber: 292, random: &random))
        let instrument = Instrument(
            radiation: Radiation(wavelength: 1.5406), widths: PeakWidths(w: 0.02, x: 0.05))
        let model = PowderModel(phases: [.init(structure)], instrument: instrument)
        let grid = stride(from: 10.0, through: 45.0, by: 0.05).map { $0 }
        let calculation = try PowderCalculation(model, twoTheta: grid, free: ["a"])
        let usual = calculation.calculated
        let start = try #require(calculation["a"])
        calculation.values = [1e9]
        #expect(calculation.calculated.allSatisfy { $0.isNaN })
        calculation.values = [start]
        #expect(calculation.calculated == usual)
    }
}
