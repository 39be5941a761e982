import CrystalFiles
import Crystallography
import Diffraction
import ExplainedErrors
import ExtinctionSymbols
import Foundation
import Recovery
import Refinement

/// The extinction symbols of a measured pattern with a known cell.
package struct GroupsJob: Job {
    package var measurement: Measurement
    package var axes: CellAxes
    package var settings = ExtinctionSettings()
    /// How lines and background are told from each other.
    package var lines = RecoverySettings.Lines()

    package init(_ measurement: Measurement, axes: CellAxes) {
        (self.measurement, self.axes) = (measurement, axes)
    }

    package struct Outcome: Sendable {
        package var ranking: ExtinctionRanking
        package var axes: CellAxes
        package var settings: ExtinctionSettings
        package var radiation: Radiation
        /// What was fitted, and the background that was taken off.
        package var pattern: PowderPattern
        package var background: [Double]
        package var excluded: [ClosedRange<Double>]
        package var warnings: [String]
        package var seconds: Double

        /// Whether one symbol has at least nine parts in ten of the probability.
        package var isDecided: Bool { (ranking.best?.probability ?? 0) >= Self.decisive }

        /// Probability from which on the first symbol is an answer.
        package static let decisive = 0.9
    }

    /// - Throws: an error of one line that names the file, or `CancellationError`.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let reading = try measurement.reading()
        let (pattern, radiation) = (reading.pattern, reading.instrument.radiation)
        let peaks = PeakSearch(settings: lines)(pattern, radiation: radiation)
        report(.step("\(peaks.peaks.count) lines found, width \(String(format: "%.3f", peaks.width))°"))
        let data = PawleyFit.Data(
            twoTheta: pattern.twoTheta, net: zip(pattern.intensity, peaks.background).map { $0 - $1 },
            weights: reading.weights, radiation: radiation)
        var search = ExtinctionSymbolSearch()
        search.settings = settings
        let ranking = try ranked(data, search, width: peaks.width, report)
        try Task.checkCancellation()
        return Outcome(
            ranking: ranking, axes: axes, settings: settings, radiation: radiation, pattern: pattern,
            background: peaks.background, excluded: measurement.excluded,
            warnings: warnings(pattern, ranking), seconds: begin.duration(to: clock.now) / .seconds(1))
    }

    private func ranked(
        _ data: PawleyFit.Data, _ search: ExtinctionSymbolSearch, width: Double,
        _ report: @escaping JobProgress.Sink
    ) throws -> ExtinctionRanking {
        do {
            return try search.rank(data, axes: axes, width: width) { report(.step($0)) }
        } catch let error as any ExplainedError {
            throw FileProblem(file: measurement.name, error.explanation)
        }
    }

    /// R of the net pattern from which on the cell itself is in doubt.
    private static let doubtfulR = 0.5

    private func warnings(_ pattern: PowderPattern, _ ranking: ExtinctionRanking) -> [String] {
        var warnings = pattern.remarks
        warnings += measurement.wavelengthRemarks
        if ranking.rwp > Self.doubtfulR {
            warnings.append(
                "the lines of this cell leave \(String(format: "%.0f %%", 100 * ranking.rwp)) of the net pattern: "
                    + "cell, zero or wavelength may be wrong")
        }
        return warnings
    }
}
