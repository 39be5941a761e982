import Crystallography
import Evaluations
import Foundation
import Publishing
import Validation

/// The folder of a set that was judged: results.csv, results.jsonl, summary.json and report.html with its plots.
package struct ValidationReport {
    package let set: EvaluatedSet
    package let statistics: SetStatistics
    package let summary: ValidationSummary
    private let footer: String

    /// - Throws: `ValidationStoreError`.
    package init(_ set: EvaluatedSet, command: String, version: String) throws {
        self.set = set
        statistics = try SetStatistics(set)
        summary = ValidationSummary(statistics, command: command, version: version)
        footer = "wyckoff \(version) · \(command)"
    }

    /// - Returns: why plots are missing.
    package func write(to folder: URL) throws -> [String] {
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        var (table, lines) = ([ValidationTable.header], [String]())
        var failing: [ValidationRow] = []
        try set.forEach { record in
            let row = ValidationRow(record)
            table.append(ValidationTable.line(row))
            lines.append(try JSONDialect.line(row))
            if !row.passed, failing.count < Self.mostFailures { failing.append(row) }
        }
        try AtomicFile.write(table.joined(separator: "\n") + "\n", to: file("results.csv"))
        try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: file("results.jsonl"))
        try AtomicFile.write(JSONDialect.indented(summary) + "\n", to: file("summary.json"))
        let plots = try ValidationPlots(statistics: statistics).write(to: folder)
        var page = page(failing)
        page.section("Distributions")
        page.table(distances)
        for plot in plots {
            for element in plot.elements { page.drawing(element, plot.picture, caption: plot.caption) }
        }
        page.section("Most frequent")
        page.table(frequentGroups)
        page.table(frequentElements)
        try page.write(to: file("report.html"))
        return page.troubles
    }

    /// Rows of the page's table of failures.
    private static let mostFailures = 100
    /// Rows of the tables of groups and elements.
    private static let mostFrequent = 15

    private func page(_ failing: [ValidationRow]) -> HTMLPage {
        let counts = summary.records
        var page = HTMLPage(
            title: "Structures judged", subtitle: set.sources.map(\.path).joined(separator: ", "),
            footer: footer)
        page.verdict(
            "\(counts.passed) of \(counts.records) records pass every clause", passed: counts.failed == 0)
        page.keyNumbers(
            summary.rates.named.map { name, rate in
                let note = String(
                    format: "%d of %d; 95 %%: %.1f to %.1f %%", rate.count, rate.of,
                    100 * rate.interval[0], 100 * rate.interval[1])
                return .init(
                    name, rate.share.map { String(format: "%.1f", 100 * $0) } ?? "–", unit: "%", note: note)
            })
        page.section("Validity")
        page.table(clauses)
        if !failing.isEmpty {
            page.table(
                TextTable(
                    columns: [.init("record"), .init("name"), .init("formula"), .init("why it fails")],
                    rows: failing.map {
                        ["\($0.file) \($0.index + 1)", $0.name ?? "", $0.formula ?? "", $0.reason]
                    },
                    note: counts.failed > failing.count
                        ? "The first \(failing.count) of \(counts.failed); all are in results.csv." : ""))
        }
        return page
    }

    private var clauses: TextTable {
        TextTable(
            columns: [.init("clause"), .init("what is asked"), .init("fails", alignment: .number)],
            rows: ValidationClause.allCases.map {
                [$0.rawValue, $0.question, "\(summary.records.failures[$0.rawValue] ?? 0)"]
            })
    }

    private var distances: TextTable {
        let all = summary.distributions
        func text(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "–" }
        func row(_ name: String, _ numbers: ValidationSummary.Numbers) -> [String] {
            [
                name, text(numbers.mean), text(numbers.median), text(numbers.referenceMean),
                text(numbers.referenceMedian), text(numbers.wasserstein),
            ]
        }
        let dash = "–"
        return TextTable(
            columns: [
                .init("quantity"), .init("mean", alignment: .number), .init("median", alignment: .number),
                .init("reference: mean", alignment: .number), .init("median", alignment: .number),
                .init("distance", alignment: .number),
            ],
            rows: [
                [
                    "space groups, found and reference", dash, dash, dash, dash,
                    text(all.spaceGroups.totalVariationFoundReference),
                ],
                [
                    "space groups, claimed and found", dash, dash, dash, dash,
                    text(all.spaceGroups.totalVariationClaimedFound),
                ],
                ["elements", dash, dash, dash, dash, text(all.elements.totalVariation)],
                row("density (g/cm³)", all.density), row("degrees of freedom", all.degreesOfFreedom),
                row("elements of a record", all.elementCount), row("atoms of the cell", all.atoms),
            ] + (all.energyAboveHull.map { [row("energy above the hull (eV/atom)", $0)] } ?? []),
            note:
                "Distance of groups and elements: the share that would have to move (total variation, 0 to 1); of numbers: the area between the cumulative distributions (Wasserstein), in their unit."
        )
    }

    private var frequentGroups: TextTable {
        let groups = summary.distributions.spaceGroups
        let order = groups.found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return TextTable(
            columns: [
                .init("space group"), .init("found", alignment: .number),
                .init("claimed", alignment: .number), .init("reference", alignment: .number),
            ],
            rows: order.prefix(Self.mostFrequent).map { number, count in
                [
                    "\(number)", "\(count)", "\(groups.claimed[number] ?? 0)",
                    "\(groups.reference[number] ?? 0)",
                ]
            }, note: "\(order.count) groups are found.")
    }

    private var frequentElements: TextTable {
        let elements = summary.distributions.elements
        let order = elements.own.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return TextTable(
            columns: [
                .init("element"), .init("records", alignment: .number),
                .init("reference", alignment: .number),
            ],
            rows: order.prefix(Self.mostFrequent).map {
                [$0.key, "\($0.value)", "\(elements.reference[$0.key] ?? 0)"]
            }, note: "\(order.count) elements.")
    }
}
