import Crystallography
import LearnedModels
import NumericalMethods
import PropertyModels
import Testing

/// A multiple of the volume, and of the share of the first element on the first orbit.
private struct Linear: PropertyPredictor {
    var name: String { "linear" }
    var unit: String { "K" }
    var domain = PredictorDomain(training: "nothing")
    var errorKind: String { "MAE" }
    var validationError: Double? = 0.5
    var floor: Double? { byVolume }
    var byVolume: Double

    func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let volume = crystal.geometry.lattice.volume
        var mixtures = [Double](repeating: 0, count: crystal.mixtures.count)
        mixtures[0] = byVolume * byVolume
        return PropertyEvaluation(
            value: byVolume * volume + mixtures[0] * crystal.mixtures[0],
            gradient: gradient
                ? PropertyGradient(
                    mixtures: mixtures,
                    positions: crystal.geometry.positions.map { _ in SIMD3(byVolume, 0, 0) },
                    metric: (0.5 * byVolume * volume) * crystal.geometry.lattice.metric.inverse) : nil)
    }
}

@Suite struct PredictorEnsembleTests {
    private func crystal(a: Double, share: Double = 1) throws -> MixedCrystal {
        let sodium = try #require(Element(symbol: "H"))
        let structure = CrystalStructure(
            lattice: Lattice(a: a, b: 4, c: 5, alpha: 90, beta: 90, gamma: 90),
            sites: [Site(sodium, at: .zero)])
        var crystal = try MixedCrystal(structure, ties: .symmetric)
        crystal.mixtures[0] = share
        return crystal
    }

    @Test("the mean of the members, with the mean of their gradients, errors and floors")
    func mean() throws {
        let ensemble = PredictorEnsemble([Linear(byVolume: 1), Linear(byVolume: 3)], name: "Tc")
        let crystal = try crystal(a: 3)
        #expect(abs(ensemble.evaluate(crystal, gradient: false).value - (2 * 60 + 5)) < 1e-9)
        #expect(ensemble.floor == 2 && ensemble.validationError == 0.5 && ensemble.unit == "K")
        let gradient = try #require(ensemble.evaluate(crystal, gradient: true).gradient)
        #expect(abs(gradient.mixtures[0] - 5) < 1e-9 && abs(gradient.positions[0].x - 2) < 1e-9)
    }

    /// d(spread)/d(share) and by the metric against central differences.
    @Test("the spread is the standard deviation, and its gradient is the difference quotient's")
    func spread() throws {
        let spread = EnsembleSpread(
            PredictorEnsemble([Linear(byVolume: 1), Linear(byVolume: 3), Linear(byVolume: 4)], name: "Tc"))
        #expect(spread.name == "Tc-spread" && spread.floor == nil)
        let here = spread.evaluate(try crystal(a: 3), gradient: true)
        let gradient = try #require(here.gradient)
        let step = 1e-4
        func value(a: Double = 3, share: Double = 1) throws -> Double {
            spread.evaluate(try crystal(a: a, share: share), gradient: false).value
        }
        let byShare = try (value(share: 1 + step) - value(share: 1 - step)) / (2 * step)
        #expect(abs(byShare - gradient.mixtures[0]) < 1e-6)
        // dG₁₁ = 2a da.
        let byLength = try (value(a: 3 + step) - value(a: 3 - step)) / (2 * step)
        #expect(abs(byLength - gradient.metric.rows.0.x * 6) < 1e-5)
        let alike = EnsembleSpread(PredictorEnsemble([Linear(byVolume: 1), Linear(byVolume: 1)], name: "Tc"))
        #expect(alike.evaluate(try crystal(a: 3), gradient: false).value < 1e-3)
    }
}
