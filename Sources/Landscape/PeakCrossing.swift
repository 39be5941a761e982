import Crystallography
import Diffraction
import Foundation
import Parameterization

/// A peak of a calculated pattern that stands on a peak of the truth's which it has nothing to do with: the spurious
/// overlap that makes a false minimum (Segal et al. 2025).
package struct PeakCrossing: Sendable, Hashable {
    /// h k l of the peak that has come here, and of the one that belongs here.
    package let calculated: SIMD3<Int>
    package let target: SIMD3<Int>
    /// Degrees.
    package let twoTheta: Double
    /// Of the overlap of all peaks, those in their own places included.
    package let share: Double

    /// The three largest overlaps of different reflections, each at least a hundredth of all.
    package static func list(
        at position: Double, _ axis: LandscapeAxis, _ evaluator: LandscapeEvaluator
    ) -> [PeakCrossing] {
        guard axis.kind != .coordinate, let calculation = evaluator.calculation else { return [] }
        let (settings, least) = (axis.settings.crossings, axis.settings.sampling.leastWidth)
        let widths = calculation.model.instrument.widths
        func strong() -> [PowderReflection] {
            let all = calculation.reflections.filter { $0.twoTheta != nil && $0.intensity > 0 }
                .sorted { $0.intensity > $1.intensity }
            let limit = settings.intensity * (all.first?.intensity ?? 0)
            return Array(all.prefix { $0.intensity > limit }.prefix(settings.peaks))
        }
        calculation.values = evaluator.truth
        let truth = strong()
        calculation.values = [position]
        let moved = strong()
        calculation.values = evaluator.truth
        var overlaps: [PeakCrossing] = []
        var sum = 0.0
        for here in moved {
            for there in truth {
                guard let x = here.twoTheta, let y = there.twoTheta else { continue }
                // In half widths of the peak.
                let width = FeatureSize.width(widths, tangent: tan(y * .pi / 360), least: least)
                let distance = (x - y) / (width / 2)
                guard abs(distance) < settings.distance else { continue }
                let overlap = here.intensity * there.intensity / (1 + distance * distance)
                sum += overlap
                if here.index != there.index {
                    overlaps.append(
                        PeakCrossing(
                            calculated: here.index, target: there.index, twoTheta: y, share: overlap))
                }
            }
        }
        guard sum > 0 else { return [] }
        return overlaps.sorted { $0.share > $1.share }.prefix(settings.named).map {
            PeakCrossing(
                calculated: $0.calculated, target: $0.target, twoTheta: $0.twoTheta, share: $0.share / sum)
        }.filter { $0.share >= settings.share }
    }
}
