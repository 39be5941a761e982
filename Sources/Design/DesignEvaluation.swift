import Crystallography
import Foundation
import NumericalMethods
import PropertyModels

/// Elements on the template's orbits, in a pattern, with values of the free variables.
public struct Decoration: Sendable, Hashable {
    public var pattern: Int
    /// `atomic number − 1`, one for each orbit.
    public var elements: [Int]

    public init(pattern: Int, elements: [Int]) {
        self.pattern = pattern
        self.elements = elements
    }
}

/// What the predictors say of a crystal, and how far it is from the targets.
public struct DesignEvaluation: Sendable {
    /// One for each predictor.
    public var values: [Double]
    /// Σ weight · miss², targets and gate; 0 where all are met with a margin. Minima and maxima add their value.
    public var loss: Double
    /// Every window and the gate hold.
    public var isMet: Bool
    /// ∂(value)/∂(variables), for each predictor; empty where not asked for.
    public var gradients: [[Double]]
    /// ∂(value)/∂(share of an element on an orbit), for each predictor; empty where not asked for.
    public var mixtureGradients: [[Double]]
}

extension DesignProblem {
    /// Inside this part of a window a candidate is left as it is: the rest is margin.
    static let margin = 0.15

    /// Loss and its derivative by each value.
    func loss(_ values: [Double], shrunk: Double = margin) -> (loss: Double, slopes: [Double]) {
        var loss = 0.0
        var slopes = [Double](repeating: 0, count: values.count)
        for (k, target) in targets.enumerated() {
            let (miss, slope) = target.miss(values[k], scale: scale(k), shrunk: shrunk)
            switch target.goal {
            case .window:
                loss += target.weight * miss * miss
                slopes[k] += 2 * target.weight * miss * slope
            case .minimum, .maximum:
                loss += target.weight * miss
                slopes[k] += target.weight * slope
            }
        }
        if let gate, targets.indices.contains(gate) == false {
            // On the log-odds, where the classifier's slope does not vanish: below −0.2, P(metal) < 0.45.
            let p = min(max(values[gate], 1e-12), 1 - 1e-12)
            let miss = max(0, log(p / (1 - p)) + 0.2)
            loss += miss * miss
            slopes[gate] += 2 * miss / (p * (1 - p))
        }
        return (loss, slopes)
    }

    /// What counts as a large miss: the target's half width, or the model's validation error, whichever is larger.
    func scale(_ k: Int) -> Double {
        let error = predictors[k].errorKind == "MAE" ? predictors[k].validationError ?? 0.1 : 0.1
        if case .window(let range) = targets[k].goal, (range.upperBound - range.lowerBound).isFinite {
            return max(error, (range.upperBound - range.lowerBound) / 2, 1e-3)
        }
        return max(error, 1e-3)
    }

    /// Every window and the gate hold as they were stated.
    public func isMet(_ values: [Double]) -> Bool {
        guard zip(targets, values).allSatisfy({ $0.isMet($1) }) else { return false }
        return gate.map { targets.indices.contains($0) || values[$0] < 0.5 } ?? true
    }

    /// One call of each predictor; a search asks in single precision, a verdict in double.
    public func evaluate(
        mixtures: [Double], at x: [Double], neighbours: NeighbourList? = nil, gradient: Bool,
        precision: PredictionPrecision = .single
    ) -> DesignEvaluation {
        let geometry = space.geometry(at: x)
        let list = neighbours ?? NeighbourList(geometry, ties: .symmetric)
        let crystal = MixedCrystal(geometry: geometry, mixtures: mixtures, neighbours: list)
        let results = predictors.map { $0.evaluate(crystal, gradient: gradient, precision: precision) }
        let values = results.map(\.value)
        var evaluation = DesignEvaluation(
            values: values, loss: loss(values).loss, isMet: isMet(values), gradients: [], mixtureGradients: []
        )
        for case let own? in results.map(\.gradient) {
            evaluation.mixtureGradients.append(own.mixtures)
            evaluation.gradients.append(space.gradient(own, at: x))
        }
        return evaluation
    }

    public func evaluate(
        _ decoration: Decoration, at x: [Double], gradient: Bool, precision: PredictionPrecision = .single
    ) -> DesignEvaluation {
        evaluate(
            mixtures: Self.mixtures(decoration.elements), at: x, gradient: gradient, precision: precision)
    }

    static func mixtures(_ elements: [Int]) -> [Double] {
        var result = [Double](repeating: 0, count: elements.count * MixedCrystal.elementCount)
        for (orbit, element) in elements.enumerated() {
            result[orbit * MixedCrystal.elementCount + element] = 1
        }
        return result
    }

    /// What makes two decorations the same composition: pattern aside, the elements of each role, sorted, with their
    /// numbers.
    public func compositionKey(_ decoration: Decoration) -> [Int] {
        var rows = [[Int]](repeating: [], count: template.roles.count)
        for (orbit, element) in decoration.elements.enumerated() {
            rows[template.roleOfOrbit[orbit]] += [Int](
                repeating: element, count: Int(space.multiplicities[orbit]))
        }
        return rows.flatMap { $0.sorted() + [-1] }
    }
}
