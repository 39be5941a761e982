import Crystallography
import Design
import Foundation
import NumericalMethods
import PropertyModels

/// A made-up property that is known in closed form, so that searches can be checked against all there is: the mean over
/// the atoms of a number of their element, and a multiple of the logarithm of the volume of an atom.
struct AnalyticPredictor: PropertyPredictor {
    var name: String
    var unit: String { "" }
    var domain = PredictorDomain(training: "nothing")
    var errorKind: String { "MAE" }
    var validationError: Double?
    var floor: Double?
    /// Of an element, by its atomic number.
    var number: @Sendable (Int) -> Double = { Double($0) / 100 }
    /// Of ln(Å³ for each atom).
    var byVolume = 0.0

    func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let weights = crystal.geometry.multiplicities
        let atoms = weights.reduce(0, +)
        var (mean, slopes) = (0.0, [Double](repeating: 0, count: crystal.mixtures.count))
        for (orbit, weight) in weights.enumerated() {
            for z in 1...MixedCrystal.elementCount {
                let index = orbit * MixedCrystal.elementCount + z - 1
                slopes[index] = weight / atoms * number(z)
                mean += slopes[index] * crystal.mixtures[index]
            }
        }
        let volume = crystal.geometry.lattice.volume
        let value = mean + byVolume * log(volume / atoms)
        guard gradient else { return PropertyEvaluation(value: value) }
        // d ln V = ½ tr(G⁻¹ dG).
        return PropertyEvaluation(
            value: value,
            gradient: PropertyGradient(
                mixtures: slopes,
                positions: [SIMD3<Double>](repeating: .zero, count: crystal.geometry.positions.count),
                metric: (0.5 * byVolume) * crystal.geometry.lattice.metric.inverse))
    }

    /// The same for pure elements in a cell of a volume.
    func value(_ atoms: [Element: Int], volume: Double) -> Double {
        let count = Double(atoms.values.reduce(0, +))
        let sum = atoms.reduce(0.0) { $0 + Double($1.value) * number($1.key.atomicNumber) }
        return sum / count + byVolume * log(volume / count)
    }
}

/// A problem whose every target has an analytic predictor.
func analyticEvaluator(
    _ template: DesignTemplate, _ targets: [(String, AnalyticPredictor)],
    change: (inout DesignProblem.Options) -> Void = { _ in }
) throws -> DesignEvaluator {
    var options = DesignProblem.Options()
    options.targets = try targets.map { try PropertyTarget($0.0, property: $0.1.name, option: "--target") }
    change(&options)
    return try DesignEvaluator(DesignProblem(template, options), predictors: targets.map(\.1))
}

func elements(_ symbols: String...) -> Set<Element> { Set(symbols.compactMap { Element(symbol: $0) }) }
