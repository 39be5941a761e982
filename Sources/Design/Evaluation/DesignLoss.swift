import Foundation

/// How far predicted values are from the targets: Σ weight · miss², the classifier's gate beside them; minima and
/// maxima add their value.
package struct DesignLoss: Sendable {
    package let targets: [PropertyTarget]
    /// What counts as a large miss, one for each target, in the property's unit.
    package let scales: [Double]
    /// Index among the predictors of the classifier of metals that gates a property of non-metals; nil where none does.
    package let gate: Int?
    package let settings: DesignSettings.Loss

    /// - Parameter errors: of the predictors, one for each target; nil where one states none.
    package init(
        targets: [PropertyTarget], errors: [Double?], gate: Int?,
        settings: DesignSettings.Loss = DesignSettings.Loss()
    ) {
        self.settings = settings
        self.targets = targets
        self.gate = gate
        // The target's half width, or the model's validation error, whichever is larger.
        scales = zip(targets, errors).map { target, error in
            var scale = max(error ?? settings.unknownError, settings.leastScale)
            if case .window(let range) = target.goal, (range.upperBound - range.lowerBound).isFinite {
                scale = max(scale, (range.upperBound - range.lowerBound) / 2)
            }
            return scale
        }
    }

    private init(
        targets: [PropertyTarget], scales: [Double], gate: Int?, settings: DesignSettings.Loss
    ) {
        (self.targets, self.scales, self.gate) = (targets, scales, gate)
        self.settings = settings
    }

    /// With other weights of the same targets.
    func reweighted(_ targets: [PropertyTarget]) -> DesignLoss {
        DesignLoss(targets: targets, scales: scales, gate: gate, settings: settings)
    }

    /// The loss and its derivative by each value.
    package func evaluate(_ values: [Double]) -> (loss: Double, slopes: [Double]) {
        var loss = 0.0
        var slopes = [Double](repeating: 0, count: values.count)
        for (k, target) in targets.enumerated() {
            let (miss, slope) = target.miss(values[k], scale: scales[k], shrunk: settings.margin)
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
            let p = inside(values[gate])
            let miss = max(
                0, log(p / (1 - p)) - log(settings.metal / (1 - settings.metal)) + settings.gateMargin)
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
    package func passesGate(_ values: [Double]) -> Bool { gate.map { values[$0] < settings.metal } ?? true }

    /// A chance away from 0 and 1.
    func inside(_ chance: Double) -> Double {
        min(max(chance, settings.leastChance), 1 - settings.leastChance)
    }

    /// The values of the extremes, small ones better.
    package func goals(_ values: [Double]) -> [Double] {
        targets.indices.filter { targets[$0].isExtreme }.map {
            targets[$0].goal == .maximum ? -values[$0] : values[$0]
        }
    }
}
