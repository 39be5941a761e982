import CrystalFiles
import Foundation
import Jobs
import Parameterization
import Publishing
import Recovery

/// What a recovery found, for a terminal.
package struct RecoveryTable: Sendable {
    package let text: String
    /// Where the files are, for when they are written.
    package let place: String

    package init(_ outcome: RecoveryOutcome, _ summary: RecoverySummary, folder: String) {
        func percent(_ value: Double) -> String {
            value.isFinite ? String(format: "%.2f %%", 100 * value) : "–"
        }
        var lines: [String] = []
        lines.append(
            "\(summary.spaceGroup.symbol) (\(summary.spaceGroup.number)), \(outcome.structure.degreesOfFreedom) free parameters"
        )
        let starts = Dictionary(
            outcome.comparableStart.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
        var table = TextTable(
            columns: [
                .init("parameter"), .init("start", alignment: .number),
                .init("recovered", alignment: .number), .init("unit", alignment: .number),
            ], rows: [])
        for row in summary.parameters
        where starts[row.name] != nil || row.name.hasSuffix(".B")
            || ["zero", "wavelength"].contains(row.name.split(separator: ".").last)
        {
            table.rows.append([
                row.name, starts[row.name].map { String(format: "%.5f", $0) } ?? "",
                MeasuredValue(row.value, uncertainty: row.uncertainty).shortText, row.unit,
            ])
        }
        lines += table.aligned.map { "  " + $0 }
        if summary.patterns.count > 1 {
            for row in summary.patterns {
                lines.append(
                    "\(URL(fileURLWithPath: row.file).lastPathComponent), \(row.radiation): Rwp \(percent(row.rwp))  "
                        + "Rexp \(percent(row.rexp))  GoF \(row.gof.isFinite ? String(format: "%.2f", row.gof) : "–")  R_Bragg \(percent(row.rBragg))"
                )
            }
            lines.append("together:")
        }
        lines.append(
            "Rwp \(percent(summary.rwp))  Rexp \(percent(summary.rexp))  GoF \(summary.gof.isFinite ? String(format: "%.2f", summary.gof) : "–")  "
                + (summary.patterns.count > 1 ? "" : "R_Bragg \(percent(summary.rBragg))  ")
                + "(free intensities: \(percent(summary.rwpPawley)) of the \(summary.patterns.count > 1 ? "first " : "")net pattern)"
        )
        lines += summary.proof.clauses.marked
        lines.append(
            summary.proof.isProven
                ? "proven" : "NOT proven: \(summary.proof.objections.map(\.name).joined(separator: ", "))")
        // What a clause says need not be said again.
        for warning in summary.warnings
        where !summary.proof.clauses.contains(where: { $0.sentence.contains(warning) }) {
            lines.append("note: \(warning)")
        }
        for row in summary.phases ?? [] {
            lines.append("phase \(row.file), \(row.spaceGroup.symbol): \(row.percent) % of the weight")
        }
        for row in summary.starts ?? [] {
            let found = row.spaceGroup.map { "\($0.symbol), Rwp \(percent(row.rwp ?? .nan)), " } ?? ""
            lines.append(
                "start \(row.file): " + found
                    + (row.proven ? "proven" : "not proven: \(row.remark)")
                    + (row.file == summary.start ? " (taken)" : ""))
        }
        place =
            "\(String(format: "%.1f", summary.seconds)) s; results in \(folder), report: \(folder)/report.html"
        text = lines.joined(separator: "\n")
    }
}
