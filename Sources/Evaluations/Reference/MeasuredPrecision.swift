import Foundation

/// How often the models are right where they say what a target asks for: of the reference crystals that they call non-metals with a gap
/// in a window (and a formation energy in another), the share that has it by density-functional theory.
package struct MeasuredPrecision: Sendable, Hashable {
    /// Reference crystals that the models call so.
    package let called: Int
    /// Of those, with a gap in the window.
    package let right: Int
    /// Of those, metals.
    package let metals: Int

    /// - Parameters:
    ///   - gap: eV.
    ///   - formationEnergy: eV/atom, predicted; nil where none is asked for.
    ///   - gate: P(metal) from which a crystal counts as a metal.
    package init(
        gap: ClosedRange<Double>, formationEnergy: ClosedRange<Double>?, gate: Double,
        among crystals: [ReferenceCrystal] = ReferenceCrystal.all
    ) {
        let chosen = crystals.filter {
            gap.contains($0.predictedGap) && $0.predictedMetal < gate
                && formationEnergy?.contains($0.predictedFormationEnergy) != false
        }
        called = chosen.count
        right = chosen.count { gap.contains($0.gap) }
        metals = chosen.count { $0.gap == 0 }
    }

    /// From what was counted.
    package init(called: Int, right: Int, metals: Int) {
        (self.called, self.right, self.metals) = (called, right, metals)
    }

    /// Of `called`; nil where there is none.
    package var share: Double? { called > 0 ? Double(right) / Double(called) : nil }

    /// `of 100 real crystals that the models call so, 37 have that gap (214 of OQMD's, 95 % interval 31 to 43; 4 are metals)`
    package var sentence: String {
        guard let share, let metalShare = called > 0 ? Double(metals) / Double(called) : nil else {
            return
                "no crystal of the reference is called so by the models: how often they are right is not known"
        }
        let interval = Self.interval(right, of: called)
        func percent(_ x: Double) -> String { String(format: "%.0f", 100 * x) }
        return "of 100 real crystals that the models call so, \(percent(share)) have that gap "
            + "(\(called) of OQMD, 95 % interval \(percent(interval.lowerBound)) to \(percent(interval.upperBound))); "
            + "\(percent(metalShare)) are metals"
    }

    /// Wilson's score interval, 95 %.
    package static func interval(_ right: Int, of count: Int) -> ClosedRange<Double> {
        let (n, z) = (Double(max(1, count)), 1.96)
        let share = Double(right) / n
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
        return max(0, middle - half)...min(1, middle + half)
    }
}
