import Crystallography
import Diffraction
import NumericalMethods
import Refinement
import Testing

/// Reaches `PatternMisfit`.
@Suite("Rietveld refinement")
struct RietveldRefinementTests {
    @Test("Rexp and GoF: Poisson noise refines to a GoF of 1 and to the truth within four uncertainties")
    func poissonNoise() throws {
        var (truth, pattern, instrument) = try PawleyFitTests.rutile(a: 4.594, c: 2.959)
        var random = RandomStream(seed: 5)
        let level = 8000 / (pattern.intensity.max() ?? 1)
        pattern.intensity = pattern.intensity.map { y in
            let mean = level * y + 50
            return max(0, (mean + mean.squareRoot() * random.normal()).rounded())
        }
        truth.parameterVector = [4.597, 2.957, 0.300]
        instrument.widths = PeakWidths(w: 0.012, x: 0.025)
        var model = PowderModel(
            phases: [.init(truth, scale: 90 * level)], instrument: instrument, background: [60])
        try model.set("Ti1.B", to: 0.2)
        let free = ["scale", "background.0", "zero", "W", "X", "a", "c", "O1.x", "Ti1.B", "O1.B"]
        var refinement = RietveldRefinement()
        refinement.bounds = ["*.B": -3...3]
        let result = try refinement.refine(
            model, pattern: pattern, weights: pattern.intensity.map { 1 / max($0, 1) }, free: free)
        let statistics = result.statistics
        #expect(abs(statistics.gof - 1) < 0.06)
        #expect(abs(statistics.gof - statistics.rwp / statistics.rexp) < 1e-12)
        let values = Dictionary(uniqueKeysWithValues: result.refined.map { ($0.parameter.name, $0) })
        for (name, value) in [("a", 4.594), ("c", 2.959), ("O1.x", 0.305), ("O1.B", 0.0), ("Ti1.B", 0.0)] {
            let refined = try #require(values[name])
            let uncertainty = try #require(refined.uncertainty)
            #expect(abs(refined.parameter.value - value) < 4.5 * uncertainty, "\(name)")
        }
        let calculation = try PowderCalculation(result.model, twoTheta: pattern.twoTheta)
        let bragg = BraggAgreement(
            calculation, observed: pattern.intensity, weights: pattern.intensity.map { _ in 1 })
        #expect(bragg.rBragg < 0.05)
    }

    @Test("R factors of a hand-made case")
    func statistics() {
        let s = RefinementStatistics(
            observed: [10, 20], calculated: [11, 18], background: [5, 5], weights: [1, 0.5], parameters: 1)
        #expect(abs(s.rwp - (3.0 / 300).squareRoot()) < 1e-12)
        #expect(abs(s.rexp - (1.0 / 300).squareRoot()) < 1e-12)
        #expect(abs(s.rwpBackgroundSubtracted - (3.0 / 137.5).squareRoot()) < 1e-12)
    }
}
