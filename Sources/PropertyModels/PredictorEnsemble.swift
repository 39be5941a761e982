import NumericalMethods

/// Several models of one property: their mean, with its gradient.
package struct PredictorEnsemble: PropertyPredictor {
    /// At least one.
    let members: [any PropertyPredictor]
    package let name: String

    /// - Parameter members: of one property and unit; at least one.
    package init(_ members: [any PropertyPredictor], name: String) {
        (self.members, self.name) = (members, name)
    }

    /// The members', which is one.
    package var unit: String { members.first?.unit ?? "" }
    /// The first's.
    package var domain: PredictorDomain { members.first?.domain ?? PredictorDomain(training: "nothing") }
    /// The first's.
    package var errorKind: String { members.first?.errorKind ?? "MAE" }
    /// The mean of the members' errors: no worse than that of the mean, by convexity.
    package var validationError: Double? {
        let errors = members.compactMap(\.validationError)
        return errors.count == members.count && !errors.isEmpty
            ? errors.reduce(0, +) / Double(errors.count) : nil
    }
    /// Where every member knows nothing.
    package var floor: Double? {
        let floors = members.compactMap(\.floor)
        return floors.count == members.count && !floors.isEmpty
            ? floors.reduce(0, +) / Double(floors.count) : nil
    }
    /// Where a member's does.
    package var dependsOnOrder: Bool { members.contains(where: \.dependsOnOrder) }

    /// The mean of the members' values and gradients.
    package func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let all = members.map { $0.evaluate(crystal, gradient: gradient, precision: precision) }
        let weight = 1 / Double(max(1, all.count))
        return PropertyEvaluation(
            value: weight * all.reduce(0) { $0 + $1.value },
            gradient: gradient
                ? .sum(all.compactMap(\.gradient), weights: all.map { _ in weight }) : nil)
    }
}

/// How far the models of an ensemble lie apart: the standard deviation of their values, a property that a target may bound. Crystals on
/// which the members disagree are ones that none of them knows.
package struct EnsembleSpread: PropertyPredictor {
    let ensemble: PredictorEnsemble

    package init(_ ensemble: PredictorEnsemble) { self.ensemble = ensemble }

    /// `Tc-spread`
    package var name: String { ensemble.name + "-spread" }
    /// The members'.
    package var unit: String { ensemble.unit }
    /// The members'.
    package var domain: PredictorDomain { ensemble.domain }
    /// It has no error.
    package var errorKind: String { "MAE" }
    /// None.
    package var validationError: Double? { nil }
    /// As of the members.
    package var dependsOnOrder: Bool { ensemble.dependsOnOrder }

    /// Added under the root in units², so that it has a slope where all agree.
    private static let rounding = 1e-8

    /// The spread and its exact derivatives.
    package func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let all = ensemble.members.map { $0.evaluate(crystal, gradient: gradient, precision: precision) }
        let count = Double(max(1, all.count))
        let mean = all.reduce(0) { $0 + $1.value } / count
        let variance = all.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) } / count
        let value = (variance + Self.rounding).squareRoot()
        guard gradient else { return PropertyEvaluation(value: value) }
        return PropertyEvaluation(
            value: value,
            gradient: .sum(
                all.compactMap(\.gradient), weights: all.map { ($0.value - mean) / (count * value) }))
    }
}

extension PropertyGradient {
    /// Σ weight · gradient; at least one.
    fileprivate static func sum(_ all: [PropertyGradient], weights: [Double]) -> PropertyGradient? {
        guard var result = all.first, let first = weights.first else { return nil }
        result.mixtures = result.mixtures.map { first * $0 }
        result.positions = result.positions.map { first * $0 }
        result.metric = first * result.metric
        for (own, weight) in zip(all, weights).dropFirst() {
            for k in result.mixtures.indices { result.mixtures[k] += weight * own.mixtures[k] }
            for k in result.positions.indices { result.positions[k] += weight * own.positions[k] }
            result.metric = result.metric + weight * own.metric
        }
        return result
    }
}
