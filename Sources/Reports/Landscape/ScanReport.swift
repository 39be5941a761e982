import Foundation
import Jobs
import Landscape
import Publishing

/// The folder of scans along axes: summary, table, curves with their data, page.
package struct ScanReport {
    package let summary: ScanSummary
    private let outcome: ScanJob.Outcome
    private let title: String
    private let axes: String
    private let command: String

    /// - Parameters:
    ///   - file: of the structure, as it was named.
    ///   - axes: what was scanned, `all axes` or their names.
    package init(_ outcome: ScanJob.Outcome, file: String, axes: String, command: String) {
        (self.outcome, self.axes, self.command) = (outcome, axes, command)
        title = outcome.truth.title.isEmpty ? file : outcome.truth.title
        summary = ScanSummary(
            file: file, structure: outcome.truth, scans: outcome.scans, hessian: outcome.hessian,
            objective: outcome.objective.name, seconds: outcome.seconds)
    }

    /// - Returns: why curves are missing.
    package func write(to folder: URL) throws -> [String] {
        try AtomicFile.write(summary.json(), to: folder.appendingPathComponent("summary.json"))
        try AtomicFile.write(summary.table.tabSeparated, to: folder.appendingPathComponent("axes.tsv"))
        var page = HTMLPage(
            title: "\(title): \(summary.objectiveName) along \(axes)",
            subtitle: outcome.truth.spaceGroup.symbol, footer: command)
        for warning in summary.warnings { page.paragraph(warning) }
        page.section("Axes")
        page.table(summary.table)
        if let table = summary.hessianTable {
            page.section("Stiff and sloppy combinations")
            page.table(table)
        }
        for index in outcome.scans.indices { try addAxis(index, to: &page, folder) }
        page.section("Files")
        page.files(
            [
                ("summary.json", "every number of this page"), ("axes.tsv", "the table of axes"),
            ]
                + outcome.scans.map {
                    ("scan-\($0.axis.parameter.name).tsv", "the curve along \($0.axis.parameter.name)")
                })
        try page.write(to: folder.appendingPathComponent("report.html"))
        return page.troubles
    }

    private func addAxis(_ index: Int, to page: inout HTMLPage, _ folder: URL) throws {
        let scan = outcome.scans[index]
        let name = scan.axis.parameter.name
        let plot = AxisPlot(scan, title: "\(title): \(name)")
        let files = try plot.write(to: folder, name: "scan-\(name)")
        page.section(name)
        page.figure(
            plot, files.picture,
            caption: "\(summary.objectiveName) along \(name); certificate: \(scan.certificate.name).")
        page.table(summary.minimaTable(index))
        guard index < outcome.families.count, !outcome.families[index].isEmpty else { return }
        let family = AxisPlot(
            outcome.families[index], names: outcome.widths.map { "FWHM \($0)°" }, title: "\(title): \(name)")
        let drawn = try family.write(to: folder, name: "widths-\(name)")
        page.figure(
            family, drawn.picture, caption: "\(summary.objectiveName) along \(name) as peaks become sharper.")
        page.table(ScanSummary.widthsTable(outcome.families[index], widths: outcome.widths))
    }
}
