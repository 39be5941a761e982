import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry

/// What stands between a simulated pattern and a measured one: counting noise, background, zero shift, widths that
/// are not told, another phase.
///
/// A disturbed pattern has peaks of unit area, as measured ones do, and begins at 5°.
package struct PatternDisturbance: Sendable, Hashable {
    /// Counts in the highest point of the undisturbed pattern; Poisson noise. nil for none.
    package var counts: Double?
    /// A background of six Chebyshev terms, between 1 and 5 % of the highest point; drawn.
    package var background = false
    /// Degrees 2θ.
    package var zero = 0.0
    /// All widths are multiplied by a number between 0.6 and 1.4 that is drawn.
    package var widths = false
    /// The share of silicon in the whole of the intensity.
    package var impurity = 0.0

    package init() {}

    /// Everything at once: 10,000 counts, background, 0.05°, widths, 2 %.
    package static var all: PatternDisturbance {
        var all = PatternDisturbance()
        (all.counts, all.background, all.zero, all.widths, all.impurity) = (10_000, true, 0.05, true, 0.02)
        return all
    }

    /// `poisson=10000,background,zero=0.05,widths,impurity=0.02`, or `all`.
    package init(parsing text: String) throws {
        guard text != "all" else {
            self = .all
            return
        }
        for item in text.split(separator: ",") {
            let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? Double(parts[1]) : nil
            switch (parts[0], value) {
            case ("poisson", let value?) where value >= 10: counts = value
            case ("background", nil) where parts.count == 1: background = true
            case ("zero", let value?) where abs(value) <= 1: zero = value
            case ("widths", nil) where parts.count == 1: widths = true
            case ("impurity", let value?) where value > 0 && value < 1: impurity = value
            default:
                throw StudyError.usage(
                    "--disturb '\(item)': take poisson=COUNTS (10 or more), background, zero=DEGREES (up to 1), "
                        + "widths, impurity=SHARE (0 to 1), or all")
            }
        }
    }

    /// As people write it.
    package var description: String {
        var parts: [String] = []
        if let counts { parts.append("poisson=\(counts)") }
        if background { parts.append("background") }
        if zero != 0 { parts.append("zero=\(zero)") }
        if widths { parts.append("widths") }
        if impurity > 0 { parts.append("impurity=\(impurity)") }
        return parts.joined(separator: ",")
    }

    /// The pattern of a structure as it would be measured.
    package func pattern(of structure: ReducedStructure, seed: UInt64) throws -> PowderPattern {
        var random = RandomStream(seed: seed, index: 41)
        var instrument = Instrument.landscapePaper
        instrument.normalization = .area
        instrument.radius = 60
        instrument.zero = zero
        let factor = random.uniform(0.6, 1.4)
        if widths {
            let w = instrument.widths.values
            instrument.widths = PeakWidths(
                u: w[0] * factor * factor, v: w[1] * factor * factor, w: w[2] * factor * factor, eta: w[6])
        }
        let twoTheta = Array(RecoveryReference.twoTheta.drop { $0 < 5 })
        func simulated(_ structure: ReducedStructure) throws -> [Double] {
            var model = PowderModel.landscapePaper(structure)
            model.instrument = instrument
            return try PowderCalculation(model, twoTheta: twoTheta).calculated
        }
        var y = try simulated(structure)
        let highest = y.max() ?? 1
        y = y.map { $0 / highest }
        if impurity > 0 {
            let other = try simulated(Self.silicon())
            let scale =
                impurity / (1 - impurity) * y.reduce(0, +) / max(other.reduce(0, +), 1e-300)
            y = zip(y, other).map { $0 + scale * $1 }
        }
        if background {
            let coefficients = [0.03] + (0..<5).map { _ in random.uniform(-0.004, 0.004) }
            let (first, last) = (twoTheta.first ?? 0, twoTheta.last ?? 1)
            y = zip(twoTheta, y).map { angle, value in
                let x = acos(max(-1, min(1, 2 * (angle - first) / (last - first) - 1)))
                return coefficients.enumerated().reduce(value) {
                    $0 + $1.element * cos(Double($1.offset) * x)
                }
            }
        }
        let scale = counts ?? 1e6
        y = y.map { $0 * scale }
        if counts != nil { y = y.map { random.poisson(mean: $0) } }
        return PowderPattern(twoTheta: twoTheta, intensity: y)
    }

    private static func silicon() throws -> ReducedStructure {
        guard let element = Element(symbol: "Si") else { throw StudyError.usage("no silicon") }
        return ReducedStructure(
            spaceGroup: try SpaceGroup.find("227:1"),
            lattice: Lattice(a: 5.4309, b: 5.4309, c: 5.4309, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(element, at: .zero)], tolerance: 1e-5)
    }
}
