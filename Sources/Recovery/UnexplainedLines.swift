import Crystallography
import Diffraction
import Foundation

/// Lines of a pattern that stand at no reflection of the model: another phase, or a group too high.
struct UnexplainedLines {
    /// Ascending in 2θ.
    let peaks: [Peak]

    /// - Parameters:
    ///   - reflections: of the refined model, zero shift included.
    ///   - significantHeight: share of the highest line below which a line is left to the noise.
    init(
        _ pattern: PowderPattern, radiation: Radiation, reflections: [PowderReflection],
        significantHeight: Double = 0.005
    ) {
        let found = PeakSearch()(pattern, radiation: radiation)
        let highest = found.peaks.map(\.height).max() ?? 0
        let positions = reflections.compactMap(\.twoTheta).sorted()
        peaks = found.peaks.filter { peak in
            // Widths grow with the angle; four typical ones are off every reflection.
            guard peak.height > significantHeight * highest else { return false }
            return !positions.contains { abs($0 - peak.twoTheta) < 4 * found.width }
        }
    }

    /// One sentence with the strongest lines; nil where everything is explained.
    var sentence: String? {
        guard !peaks.isEmpty else { return nil }
        let strongest = peaks.sorted { $0.height > $1.height }.prefix(4).sorted { $0.twoTheta < $1.twoTheta }
        let named = strongest.map {
            String(format: "%.3f° (d %.4f Å)", $0.twoTheta, 1 / $0.q.squareRoot())
        }
        return
            "\(peaks.count) \(peaks.count == 1 ? "line stands" : "lines stand") at no reflection, the strongest at "
            + named.joined(separator: ", ") + ": another phase may be in the sample"
    }
}
