import Crystallography
import Diffraction
import Foundation

/// Lines of a pattern that stand at no reflection of the model: another phase, or a group too high.
package struct UnexplainedLines {
    /// Ascending in 2θ.
    package let peaks: [Peak]
    /// Their share of the heights of all significant lines.
    package let share: Double
    /// Every line that stands out of the pattern, explained or not.
    package let found: [Peak]
    /// Full width of a typical line at half its height, degrees 2θ.
    package let width: Double
    /// What stands before the sentence.
    private let name: String

    /// - Parameters:
    ///   - reflections: of the refined model, zero shift included.
    ///   - file: named in the sentence, where there are several patterns.
    package init(
        _ pattern: PowderPattern, radiation: Radiation, reflections: [PowderReflection],
        settings: RecoverySettings.Lines = RecoverySettings.Lines(), file: String? = nil
    ) {
        name = file.map { ($0 as NSString).lastPathComponent + ": " } ?? ""
        let found = PeakSearch(settings: settings)(pattern, radiation: radiation)
        let own = Self.own(found, reflections)
        self.found = own
        width = found.width
        let highest = own.map(\.height).max() ?? 0
        let positions = reflections.compactMap(\.twoTheta).sorted()
        let significant = own.filter { $0.height > settings.unexplainedHeight * highest }
        peaks = significant.filter { peak in
            !positions.contains { abs($0 - peak.twoTheta) < settings.unexplainedDistance * found.width }
        }
        let whole = significant.reduce(0) { $0 + $1.height }
        share = whole > 0 ? peaks.reduce(0) { $0 + $1.height } / whole : 0
    }

    /// Peaks at which no other phase than the first is calculated with most of the intensity: those say nothing of the first one.
    private static func own(_ found: PeakSearch.Result, _ reflections: [PowderReflection]) -> [Peak] {
        let others = reflections.filter { $0.phase > 0 }
        guard !others.isEmpty else { return found.peaks }
        func intensity(_ list: [PowderReflection], _ peak: Peak) -> Double {
            list.reduce(0) { sum, reflection in
                let isNear = reflection.twoTheta.map { abs($0 - peak.twoTheta) < found.width } ?? false
                return isNear ? sum + reflection.intensity : sum
            }
        }
        let first = reflections.filter { $0.phase == 0 }
        return found.peaks.filter { peak in
            let other = intensity(others, peak)
            return other == 0 || intensity(first, peak) > other
        }
    }

    /// One sentence with the strongest lines; nil where everything is explained.
    package var sentence: String? {
        guard !peaks.isEmpty else { return nil }
        let strongest = peaks.sorted { $0.height > $1.height }.prefix(4).sorted { $0.twoTheta < $1.twoTheta }
        let named = strongest.map {
            String(format: "%.3f° (d %.4f Å)", $0.twoTheta, 1 / $0.q.squareRoot())
        }
        return
            "\(name)\(peaks.count) \(peaks.count == 1 ? "line stands" : "lines stand") at no reflection, the strongest at "
            + named.joined(separator: ", ") + ": another phase may be in the sample"
    }
}
