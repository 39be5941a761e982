import CrystalFiles
import Foundation
import Jobs
import Publishing
import Refinement

/// A series of refinements: table, JSON, a page with every refined parameter over the series, and a folder for each pattern.
package struct SeriesReport {
    /// A pattern's row.
    package struct Row: Codable, Sendable {
        package var pattern: String
        package var value: Double
        /// Why it was not refined; null where it was.
        @ExplicitNull package var trouble: String?
        /// R factors are fractions; null where it was not refined.
        @ExplicitNull package var rwp: Double?
        @ExplicitNull package var gof: Double?
        /// Whether every clause of its verdict holds.
        package var holds: Bool
        package var parameters: [RefinementSummary.Row]
        /// Of the phases, 0 to 1.
        package var weightFractions: [Double]
        package var volumes: [Double]
    }

    private struct Whole: Encodable {
        let version: String
        let command: String
        let files: [String]
        let quantity: String
        let patterns: [Row]
    }

    private let outcomes: [RefinementSeriesJob.StepOutcome]
    private let files: [String]
    /// What `value` is: `T (K)`, `number`.
    private let quantity: String
    private let version: String
    private let command: String
    package let rows: [Row]

    package init(
        _ outcomes: [RefinementSeriesJob.StepOutcome], files: [String], quantity: String,
        version: String = ReleaseVersion.text, command: String = ""
    ) {
        (self.outcomes, self.files, self.quantity) = (outcomes, files, quantity)
        (self.version, self.command) = (version, command)
        rows = outcomes.map { Self.row($0, files: files) }
    }

    private static func row(_ step: RefinementSeriesJob.StepOutcome, files: [String]) -> Row {
        let summary = step.outcome.map { RefinementSummary($0, files: files) }
        return Row(
            pattern: step.name, value: step.value, trouble: step.trouble, rwp: summary?.rwp,
            gof: summary.flatMap { $0.gof.isFinite ? $0.gof : nil },
            holds: step.outcome?.verdict.clauses.hold ?? false, parameters: summary?.parameters ?? [],
            weightFractions: step.outcome?.fractions.first?.phases.map(\.fraction) ?? [],
            volumes: summary?.phases.map(\.volume) ?? [])
    }

    /// Whether every pattern was refined and every verdict holds.
    package var holds: Bool { rows.allSatisfy(\.holds) }

    package func json() throws -> String { try JSONDialect.line(whole) }

    private var whole: Whole {
        Whole(version: version, command: command, files: files, quantity: quantity, patterns: rows)
    }

    package var text: String { table(of: shown).aligned.joined(separator: "\n") }

    // MARK: Tables

    /// Names of refined parameters, in the order of their first use; scales and backgrounds are each pattern's own affair.
    private var names: [String] {
        var result: [String] = []
        for row in rows {
            for parameter in row.parameters
            where !result.contains(parameter.name) && !parameter.name.contains("background")
                && !parameter.name.hasSuffix("scale")
            { result.append(parameter.name) }
        }
        return result
    }

    /// Of these the terminal shows the cells.
    private var shown: [String] {
        let cell = ["a", "b", "c", "alpha", "beta", "gamma"]
        return names.filter { cell.contains(String($0.split(separator: ".").last ?? "")) }
    }

    private func table(of names: [String]) -> TextTable {
        let phases = files.count > 1 ? Array(files.indices) : []
        var columns: [TextTable.Column] = [
            .init("pattern"), .init(quantity, alignment: .number),
            .init("Rwp", unit: "%", alignment: .number), .init("GoF", alignment: .number),
        ]
        columns += names.map { TextTable.Column($0, alignment: .number) }
        columns += phases.map { TextTable.Column("phase\($0 + 1)", unit: "wt%", alignment: .number) }
        columns.append(TextTable.Column(""))
        return TextTable(columns: columns, rows: rows.map { cells(of: $0, names, phases) })
    }

    private func cells(of row: Row, _ names: [String], _ phases: [Int]) -> [String] {
        var cells = [
            URL(fileURLWithPath: row.pattern).lastPathComponent, PlotScale.text(row.value),
            RefinedPhaseFit.percent(row.rwp),
        ]
        cells.append(row.gof.map { String(format: "%.2f", $0) } ?? "–")
        cells += names.map { Self.cell($0, row) }
        cells += phases.map { phase in
            guard row.weightFractions.indices.contains(phase) else { return "–" }
            return String(format: "%.1f", 100 * row.weightFractions[phase])
        }
        cells.append(row.trouble ?? (row.holds ? "" : "a clause fails"))
        return cells
    }

    private static func cell(_ name: String, _ row: Row) -> String {
        guard let parameter = row.parameters.first(where: { $0.name == name }) else { return "–" }
        return MeasuredValue(parameter.value, uncertainty: parameter.uncertainty).shortText
    }

    /// Every parameter with its uncertainty in a column of its own.
    private var columns: TextTable {
        let all = names
        var columns: [TextTable.Column] = [.init("pattern"), .init(quantity), .init("rwp"), .init("gof")]
        for name in all { columns += [.init(name), .init("\(name).uncertainty")] }
        let rows = rows.map { row -> [String] in
            var cells = [row.pattern, "\(row.value)"]
            cells += [row.rwp, row.gof].map { $0.map { "\($0)" } ?? "" }
            for name in all {
                let found = row.parameters.first { $0.name == name }
                cells += [found?.value, found?.uncertainty].map { $0.map { "\($0)" } ?? "" }
            }
            return cells
        }
        return TextTable(columns: columns, rows: rows)
    }

    // MARK: The folder

    /// series.json, series.tsv, report.html, and a folder for each pattern as `refine` writes it, called 1-NAME, 2-NAME ….
    ///
    /// - Parameter date: for the CIFs.
    /// - Returns: why pictures are missing.
    package func write(to folder: URL, date: String) throws -> [String] {
        _ = try AtomicFile.directory(folder.path)
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        try AtomicFile.write(try JSONDialect.indented(whole) + "\n", to: file("series.json"))
        try AtomicFile.write(columns.tabSeparated, to: file("series.tsv"))
        var troubles: [String] = []
        var links: [(name: String, what: String)] = [
            ("series.tsv", "every parameter with its uncertainty"),
            ("series.json", "every number of this page"),
        ]
        for (number, step) in outcomes.enumerated() {
            guard let outcome = step.outcome else { continue }
            let stem = URL(fileURLWithPath: step.name).deletingPathExtension().lastPathComponent
            let name = "\(number + 1)-\(stem)"
            let report = RefinementReport(outcome, files: files, version: version, command: command)
            for trouble in try report.write(to: file(name), date: date) where !troubles.contains(trouble) {
                troubles.append(trouble)
            }
            links.append(("\(name)/report.html", "\(quantity) \(PlotScale.text(step.value))"))
        }
        try page(links).write(to: file("report.html"))
        return troubles
    }

    private func page(_ links: [(name: String, what: String)]) -> HTMLPage {
        var page = HTMLPage(
            title: "A series of \(rows.count) patterns",
            subtitle: files.map { URL(fileURLWithPath: $0).lastPathComponent }.joined(separator: ", "),
            footer: "wyckoff \(version) · \(command)")
        page.section("Patterns")
        page.table(table(of: shown))
        page.section("Parameters over the series")
        for name in ["Rwp"] + names {
            guard let element = drawing(name) else { continue }
            page.drawing(
                element, .svg(""), caption: "\(name) over \(quantity); bars: one standard uncertainty.")
        }
        for phase in files.indices where files.count > 1 {
            let points = rows.compactMap { row in
                row.weightFractions.indices.contains(phase)
                    ? (row.value, 100 * row.weightFractions[phase], 0.0) : nil
            }
            if let element = drawing("weight of phase\(phase + 1) (%)", points) {
                page.drawing(
                    element, .svg(""), caption: "Weight fraction of phase\(phase + 1) over \(quantity).")
            }
        }
        page.section("Files")
        page.files(links)
        return page
    }

    private func drawing(_ name: String) -> PlotElement? {
        if name == "Rwp" {
            return drawing("Rwp (%)", rows.compactMap { row in row.rwp.map { (row.value, 100 * $0, 0) } })
        }
        let unit = rows.lazy.flatMap(\.parameters).first { $0.name == name }?.unit ?? ""
        let points = rows.compactMap { row in
            row.parameters.first { $0.name == name }.map { (row.value, $0.value, $0.uncertainty ?? 0) }
        }
        return drawing(unit.isEmpty ? name : "\(name) (\(unit))", points)
    }

    /// nil of fewer than two points.
    private func drawing(_ title: String, _ points: [(x: Double, y: Double, error: Double)]) -> PlotElement? {
        guard points.count > 1, let left = points.map(\.x).min(), let right = points.map(\.x).max(),
            let low = points.map({ $0.y - $0.error }).min(), let high = points.map({ $0.y + $0.error }).max()
        else { return nil }
        let (across, up) = (0.04 * (right - left), 0.08 * max(high - low, 1e-12 * abs(high)))
        var plot = PlotDrawing(
            width: 1000, height: 380, frame: PlotFrame(left: 0.13, right: 0.97, top: 0.95, bottom: 0.2),
            x: PlotScale(left - across, right + across), y: PlotScale(low - up, high + up))
        plot.line(points.map { ($0.x, $0.y) }, color: PlotColor.difference, width: 1.5)
        for point in points where point.error > 0 {
            plot.line(
                [(point.x, point.y - point.error), (point.x, point.y + point.error)], color: "#202020",
                width: 1.5)
        }
        plot.dots(points.map { ($0.x, $0.y) }, color: PlotColor.difference, radius: 5)
        return plot.element(name: "\(title) over \(quantity)", xTitle: quantity, yTitle: title)
    }
}
