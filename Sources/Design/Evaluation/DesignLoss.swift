import Foundation

/// How far predicted values are from the targets: Σ weight · miss², the classifier's gate beside them; minima and
/// maxima add their value.
package struct DesignLoss: Sendable {
    package let targets: [PropertyTarget]
    /// What counts as a large miss, one for each target, in the property's unit.
    package let scales: [Double]
    /// Index among the predictors of the classifier of metals that gates a property of non-metals; nil where none does.
    package let gate: Int?

    /// Inside this part of a window a candidate is left as it is: the rest is margin.
    static let margin = 0.15
    /// P(metal) from which a crystal counts as a metal.
    static let metal = 0.5
    /// Of the log-odds: below −0.2, P(metal) < 0.45.
    static let gateMargin = 0.2
    /// Chances are kept away from 0 and 1, where the log-odds end.
    static let leastChance = 1e-12
    /// Of a predictor that states no mean error, in its own unit.
    private static let unknownError = 0.1
    private static let leastScale = 1e-3

    /// - Parameter errors: of the predictors, one for each target; nil where one states none.
    package init(targets: [PropertyTarget], errors: [Double?], gate: Int?) {
        self.targets = targets
        self.gate = gate
        // The target's half width, or the model's validation error, whichever is larger.
        scales = zip(targets, errors).map { target, error in
            var scale = max(error ?? Self.unknownError, Self.leastScale)
            if case .window(let range) = target.goal, (range.upperBound - range.lowerBound).isFinite {
                scale = max(scale, (range.upperBound - range.lowerBound) / 2)
            }
            return scale
        }
    }

    private init(targets: [PropertyTarget], scales: [Double], gate: Int?) {
        (self.targets, self.scales, self.gate) = (targets, scales, gate)
    }

    /// With other weights of the same targets.
    func reweighted(_ targets: [PropertyTarget]) -> DesignLoss {
        DesignLoss(targets: targets, scales: scales, gate: gate)
    }

    /// The loss and its derivative by each value.
    package func evaluate(_ values: [Double]) -> (loss: Double, slopes: [Double]) {
        var loss = 0.0
        var slopes = [Double](repeating: 0, count: values.count)
        for (k, target) in targets.enumerated() {
            let (miss, slope) = target.miss(values[k], scale: scales[k], shrunk: Self.margin)
            switch target.goal {
            case .window:
                loss += target.weight * miss * miss
                slopes[k] += 2 * target.weight * miss * slope
            case .minimum, .maximum:
                loss += target.weight * miss
                slopes[k] += target.weight * slope
            }
        }
        if let gate {
            // On the log-odds, where the classifier's slope does not vanish.
            let p = Self.inside(values[gate])
            let miss = max(0, log(p / (1 - p)) + Self.gateMargin)
            loss += miss * miss
            slopes[gate] += 2 * miss / (p * (1 - p))
        }
        return (loss, slopes)
    }

    /// Every window and the gate hold as they were stated.
    package func isMet(_ values: [Double]) -> Bool {
        zip(targets, values).allSatisfy { $0.isMet($1) } && passesGate(values)
    }

    /// The classifier calls it no metal, where that matters.
    package func passesGate(_ values: [Double]) -> Bool { gate.map { values[$0] < Self.metal } ?? true }

    /// A chance away from 0 and 1.
    static func inside(_ chance: Double) -> Double { min(max(chance, leastChance), 1 - leastChance) }

    /// The values of the extremes, small ones better.
    package func goals(_ values: [Double]) -> [Double] {
        targets.indices.filter { targets[$0].isExtreme }.map {
            targets[$0].goal == .maximum ? -values[$0] : values[$0]
        }
    }
}
