import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Patterns
import Publishing

/// What `wyckoff calibrate` prints and keeps.
package struct CalibrationSummary: Codable, Sendable {
    package var version: String
    /// As it is written to the file.
    package var instrument: InstrumentJSON
    /// Points with weight.
    package var points: Int
    package var rwp: Double
    package var rexp: Double
    package var gof: Double
    package var iterations: Int
    /// What the calibration is worth, clause by clause; the exit status follows it.
    package var verdict: [VerdictClause]

    package init(_ outcome: CalibrationJob.Outcome, version: String = ReleaseVersion.text) {
        let statistics = outcome.result.statistics
        let isCounting = outcome.item.pattern.weighting.hasExpectedR
        self.version = version
        instrument = InstrumentJSON(
            outcome.instrument, uncertainties: outcome.uncertainties,
            calibration: .init(
                pattern: URL(fileURLWithPath: outcome.item.name).lastPathComponent,
                standard: outcome.standard, cell: outcome.certifiedCell, rwp: statistics.rwp,
                gof: isCounting ? statistics.gof : nil))
        points = statistics.points
        rwp = statistics.rwp
        rexp = isCounting ? statistics.rexp : .nan
        gof = isCounting ? statistics.gof : .nan
        iterations = outcome.result.iterations
        verdict = outcome.clauses
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    /// The instrument's file.
    package func file() throws -> String { try JSONDialect.indented(instrument) + "\n" }

    package var text: String {
        func row(_ name: String, _ value: Double, _ unit: String) -> [String] {
            [name, MeasuredValue(value, uncertainty: instrument.uncertainties[name]).shortText, unit]
        }
        var rows = [
            row("wavelength", instrument.lines.first?.wavelength ?? .nan, "Å"),
            row("zero", instrument.zero, "°"),
        ]
        rows += PeakWidths.names.prefix(6).enumerated().map { k, name in
            row(name, instrument.widths[name] ?? 0, k < 4 ? "°²" : "°")
        }
        if let axial = instrument.axial { rows += [row("SL", axial[0], ""), row("HL", axial[1], "")] }
        func percent(_ value: Double) -> String {
            value.isFinite ? String(format: "%.2f %%", 100 * value) : "–"
        }
        let calibration = instrument.calibration
        let lengths = (calibration?.cell ?? []).prefix(3).map { String(format: "%.6f", $0) }
        return """
            \(calibration?.pattern ?? ""): \(calibration?.standard ?? ""), cell held at \(lengths.joined(separator: " ")) Å, \(points) points
            \(TextTable.padded(["parameter", "value", "unit"], rows))
            Rwp \(percent(rwp))  Rexp \(percent(rexp))  GoF \(gof.isFinite ? String(format: "%.2f", gof) : "–")
            \(verdict.marked.joined(separator: "\n"))
            """
    }
}
