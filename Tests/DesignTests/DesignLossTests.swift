import Design
import Foundation
import Testing

@Suite struct DesignLossTests {
    private let targets = [
        PropertyTarget(property: "a", goal: .window(1...2), weight: 2),
        PropertyTarget(property: "b", goal: .window(-.infinity...(-0.5))),
        PropertyTarget(property: "c", goal: .minimum, weight: 0.5),
        PropertyTarget(property: "d", goal: .maximum),
    ]

    /// Of each value, of the classifier's chance too.
    @Test(arguments: [
        [0.4, 0.3, 2.0, -1.0, 0.7], [2.6, -0.4, -3.0, 5.0, 0.48], [1.5, -2.0, 0.0, 0.0, 0.2],
        [1.02, -0.55, 1.0, 1.0, 0.999],
    ])
    func slopesAreThoseOfDifferences(values: [Double]) {
        let loss = DesignLoss(targets: targets, errors: [0.2, nil, 0.3, nil], gate: 4)
        let exact = loss.evaluate(values).slopes
        let h = 1e-6
        for k in values.indices {
            var (above, below) = (values, values)
            above[k] += h
            below[k] -= h
            let numeric = (loss.evaluate(above).loss - loss.evaluate(below).loss) / (2 * h)
            #expect(abs(numeric - exact[k]) < 1e-5 * max(1, abs(numeric)))
        }
    }

    /// The larger of the half width and the model's own error is what counts as a large miss.
    @Test func aMissIsMeasuredInTheModelsErrorOrTheHalfWidth() {
        let loss = DesignLoss(targets: targets, errors: [0.2, 0.04, nil, 1e-9], gate: nil)
        #expect(loss.scales == [0.5, 0.04, 0.1, 1e-3])
    }

    /// 0 inside of the middle 85 % of a window only: the rest is margin.
    @Test func theLossVanishesWithAMargin() {
        let loss = DesignLoss(targets: [targets[0]], errors: [nil], gate: nil)
        #expect(loss.evaluate([1.5]).loss == 0 && loss.evaluate([1.08]).loss == 0)
        #expect(loss.evaluate([1.02]).loss > 0 && loss.isMet([1.02]))
        #expect(!loss.isMet([0.99]))
    }

    @Test func aMetalMeetsNoTargetOfNonMetals() {
        let loss = DesignLoss(targets: [targets[0]], errors: [nil], gate: 1)
        #expect(loss.isMet([1.5, 0.49]) && !loss.isMet([1.5, 0.5]))
        #expect(loss.passesGate([9, 0.1]) && !loss.passesGate([1.5, 0.9]))
        // Chances of exactly 0 and 1 have a loss as well.
        #expect(loss.evaluate([1.5, 1]).loss.isFinite && loss.evaluate([1.5, 0]).loss == 0)
    }

    @Test func goalsAreTheExtremesSmallOnesBetter() {
        let loss = DesignLoss(targets: targets, errors: [nil, nil, nil, nil], gate: nil)
        #expect(loss.goals([1, 2, 3, 4]) == [3, -4])
    }

    /// A gate other than the classifier's own half: passed below it, without a loss below the margin, and the slope that of differences.
    @Test func theGateStandsWhereItIsSet() {
        var settings = DesignSettings.Loss()
        settings.metal = settings.sureMetal
        let target = PropertyTarget(property: "gap", goal: .window(2...3))
        let loss = DesignLoss(targets: [target], errors: [0.4], gate: 1, settings: settings)
        #expect(loss.passesGate([2.5, 0.19]) && !loss.passesGate([2.5, 0.21]))
        #expect(loss.evaluate([2.5, 0.15]).loss == 0 && loss.evaluate([2.5, 0.19]).loss > 0)
        let step = 1e-6
        let difference =
            (loss.evaluate([2.5, 0.3 + step]).loss - loss.evaluate([2.5, 0.3 - step]).loss) / (2 * step)
        #expect(abs(difference - loss.evaluate([2.5, 0.3]).slopes[1]) < 1e-5)
    }
}
