import Foundation
import Publishing
import Studies

/// The tables and plots of a study of landscapes.
package struct LandscapeStudyReport {
    package let rows: [LandscapeStudy.Row]
    /// As it was given; shown at the foot.
    package let command: String
    private let summary: LandscapeStudySummary
    private let base: LandscapeStudy.Row?

    /// The setting of the first row is the one that the others are compared with.
    package init(_ rows: [LandscapeStudy.Row], command: String) {
        (self.rows, self.command) = (rows, command)
        summary = LandscapeStudySummary(rows)
        base = rows.first
    }

    /// - Returns: why plots are missing.
    package func write(to folder: URL) throws -> [String] {
        try AtomicFile.write(markdown, to: folder.appendingPathComponent("summary.md"))
        var page = HTMLPage(
            title: "Landscapes along symmetry axes", subtitle: opening,
            footer: "wyckoff \(ReleaseVersion.text) · \(command)")
        for paragraph in paragraphs { page.paragraph(paragraph) }
        for (title, table) in sections {
            page.section(title)
            page.table(table)
        }
        for plot in plots {
            let files = try plot.plot.write(to: folder, name: plot.name)
            page.section(plot.plot.title)
            page.figure(
                plot.plot, files.picture, caption: plot.caption)
        }
        try page.write(to: folder.appendingPathComponent("report.html"))
        return page.troubles
    }

    package var markdown: String {
        ([opening] + paragraphs + sections.map { "\($0.title)\n\n\($0.table.markdown)" })
            .joined(separator: "\n\n") + "\n"
    }

    /// For a terminal, columns aligned.
    package var text: String {
        ([opening] + paragraphs + sections.map { "\($0.title)\n\($0.table.aligned.joined(separator: "\n"))" })
            .joined(separator: "\n\n")
    }

    private var opening: String {
        let structures = Dictionary(grouping: rows, by: \.structure).compactMapValues(\.first?.system)
        let systems = Dictionary(grouping: structures.values) { $0 }.map { ($0, $1.count) }
            .sorted { $0.0 < $1.0 }.map { "\($1) \($0)" }
        let axes = Set(rows.map { "\($0.structure) \($0.axis)" }).count
        return
            "\(rows.count) scans of \(axes) axes of \(structures.count) structures (\(systems.joined(separator: ", ")))."
    }

    private var paragraphs: [String] {
        var list = [
            "basin: from the truth to its nearer end, in per cent of the length or of the cell, or in degrees; quartiles. open: share of the axes where that end is the domain's, so that the basin may go on. minima: of different crystals, however shallow; quartiles and ninth decile. concave: median share of the axis with negative second derivative."
        ]
        let doubled = summary.doubled
        if doubled.axes > 0 {
            let changed = doubled.changed.prefix(20).map {
                "\($0.structure) \($0.axis) \($0.setting): \($0.doubled)"
            }
            list.append(
                "Twice the resolution on \(doubled.axes) axes: \(doubled.changed.isEmpty ? "the same stationary points on all of them." : "another list of stationary points on \(doubled.changed.count): \(changed.joined(separator: "; ")).")"
            )
        }
        return list
    }

    private var sections: [(title: String, table: TextTable)] {
        guard let base else { return [] }
        func isLike(_ row: LandscapeStudy.Row, measure: Bool, fwhm: Bool, last: Bool) -> Bool {
            (!measure || row.measure == base.measure) && (!fwhm || row.fwhm == base.fwhm)
                && (!last || row.lastAngle == base.lastAngle)
        }
        let usual = "\(width(base)), 2θ to \(Int(base.lastAngle))°"
        var list: [(String, TextTable)] = [
            (
                "Objectives (\(usual))",
                table(["axis", "objective"], where: { isLike($0, measure: false, fwhm: true, last: true) }) {
                    [$0.kind, $0.measure]
                }
            )
        ]
        let contests = summary.contests { isLike($0, measure: false, fwhm: true, last: true) }
        if !contests.isEmpty {
            list.append(("The widest basin, axis by axis (\(usual))", Self.table(contests)))
        }
        if Set(rows.map(\.fwhm)).count > 1 {
            list.append(
                (
                    "Widths of peaks (\(base.measure))",
                    table(["axis", "FWHM/°"], where: { isLike($0, measure: true, fwhm: false, last: true) }) {
                        [$0.kind, $0.fwhm == 0 ? "paper" : "\($0.fwhm)"]
                    }
                ))
        }
        if Set(rows.map(\.lastAngle)).count > 1 {
            list.append(
                (
                    "Ranges of 2θ (\(base.measure), \(width(base)))",
                    table(["axis", "2θ to/°"], where: { isLike($0, measure: true, fwhm: true, last: false) })
                    {
                        [$0.kind, "\(Int($0.lastAngle))"]
                    }
                ))
        }
        list.append(
            (
                "Crystal systems (\(base.measure), \(usual))",
                table(["axis", "system"], where: { isLike($0, measure: true, fwhm: true, last: true) }) {
                    [$0.kind, $0.system]
                }
            ))
        return list
    }

    private func width(_ row: LandscapeStudy.Row) -> String {
        row.fwhm == 0 ? "the paper's widths" : "FWHM \(row.fwhm)°"
    }

    private func table(
        _ headings: [String], where isMeant: (LandscapeStudy.Row) -> Bool,
        by key: (LandscapeStudy.Row) -> [String]
    ) -> TextTable {
        func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
        let names = [
            "axes", "several minima", "convex", "minima", "basin", "basin/Å", "open", "concave",
        ]
        return TextTable(
            columns: headings.map { .init($0) } + names.map { .init($0, alignment: .number) },
            rows: summary.groups(where: isMeant, by: key).map { group in
                let isAngle = group.keys.first == "angle"
                let factor = isAngle ? 1.0 : 100
                let reach = [group.reach.lower, group.reach.median, group.reach.upper].map {
                    String(format: "%.1f", factor * $0)
                }
                let counts = [
                    group.minima.lower, group.minima.median, group.minima.upper, group.mostMinima,
                ]
                .map { String(format: "%.0f", $0) }
                return group.keys + [
                    "\(group.axes)", percent(group.multiFunnel), percent(group.convex),
                    "\(counts[0]) – \(counts[1]) – \(counts[2]), \(counts[3])",
                    "\(reach[0]) – \(reach[1]) – \(reach[2]) \(isAngle ? "°" : "%")",
                    String(format: "%.2f", group.medianReachInAngstrom), percent(group.open),
                    percent(group.medianConcave),
                ]
            })
    }

    private static func table(_ contests: [LandscapeStudySummary.Contest]) -> TextTable {
        TextTable(
            columns: [
                .init("axis"), .init("objective"), .init("axes", alignment: .number),
                .init("widest", unit: "%", alignment: .number),
                .init("basin over the first's", alignment: .number),
            ],
            rows: contests.map {
                [
                    $0.kind, $0.measure, "\($0.axes)", String(format: "%.0f", 100 * $0.widest),
                    String(format: "%.2f", $0.ratio),
                ]
            },
            note: "Basins that agree within 1 % (mostly those that end where the domain ends) share the axis."
        )
    }

    /// The distribution functions of basins and of numbers of minima, by kind of axis and objective.
    private var plots: [(name: String, plot: AxisPlot, caption: String)] {
        guard let base else { return [] }
        var measures: [String] = []
        for row in rows where !measures.contains(row.measure) { measures.append(row.measure) }
        let usual = rows.filter {
            $0.fwhm == base.fwhm && $0.lastAngle == base.lastAngle && $0.verdict != "flat"
        }
        return ["length", "angle", "coordinate"].compactMap { kind in
            let meant = usual.filter { $0.kind == kind && $0.reach.isFinite }
            guard meant.count > 3 else { return nil }
            let factor = kind == "angle" ? 1.0 : 100
            let curves = measures.map { measure in
                Self.distribution(
                    meant.filter { $0.measure == measure }.map { factor * $0.reach }, name: measure)
            }
            let unit = kind == "angle" ? "°" : kind == "length" ? "% of the length" : "% of the cell"
            let many = kind == "coordinate" ? "coordinates" : "\(kind)s"
            return (
                "basins-\(kind)",
                AxisPlot(
                    title: "Basins of the truth, \(many)", axisTitle: "way to the nearer end (\(unit))",
                    valueName: "share of narrower basins (%)", curves: curves, isOrdered: false),
                "Where a curve stands high, basins are narrow. \(width(base)), 2θ to \(Int(base.lastAngle))°."
            )
        }
    }

    /// Steps of the empirical distribution function, in per cent.
    private static func distribution(_ values: [Double], name: String) -> AxisPlot.Curve {
        let sorted = values.sorted()
        var (x, y): ([Double], [Double]) = ([0], [0])
        for (k, value) in sorted.enumerated() {
            x += [value, value]
            y += [100 * Double(k) / Double(sorted.count), 100 * Double(k + 1) / Double(sorted.count)]
        }
        return AxisPlot.Curve(name: name, x: x, y: y)
    }
}
