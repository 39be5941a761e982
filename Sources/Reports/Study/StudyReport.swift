import Foundation
import Publishing
import Studies

/// The pages of a study of recoveries.
package struct StudyReport {
    package let summary: StudySummary
    package let command: String
    private let cells: [StudySummary.Cell]
    private let correlations: CorrelationTables

    package init(_ summary: StudySummary, command: String) {
        self.summary = summary
        self.command = command
        cells = summary.cells
        correlations = CorrelationTables(summary)
    }

    /// - Returns: why plots are missing.
    package func write(to folder: URL) throws -> [String] {
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        try AtomicFile.write(summary.csv, to: file("results.csv"))
        try AtomicFile.write(rates.tabSeparated, to: file("rates.tsv"))
        try AtomicFile.write(markdown, to: file("report.md"))
        let plots = try StudyPlots(summary, cells).write(to: folder)
        var page = HTMLPage(
            title: "Recovery of distorted structures", subtitle: "\(summary.runs.count) runs",
            footer: "wyckoff \(ReleaseVersion.text) · \(command)"
        )
        page.section("Rates")
        page.table(rates)
        for plot in plots {
            for element in plot.elements { page.drawing(element, plot.picture, caption: plot.caption) }
        }
        page.section("Similarity and structural distance")
        for table in correlations.tables { page.table(table) }
        page.section("Spurious minima")
        for (sentence, runs) in [
            ("The pattern fits (cosine above 0.9), the structure is no match:", summary.fittingButWrong),
            (
                "The structure matches, the pattern does not fit (cosine below 0.5):",
                summary.matchedButNotFitting
            ),
        ] {
            page.paragraph(sentence + (runs.isEmpty ? " none." : ""))
            if !runs.isEmpty { page.table(gallery(runs)) }
        }
        page.section("Files")
        page.files([
            ("results.csv", "every run"), ("rates.tsv", "the first table"),
            ("report.md", "the tables as text"),
        ])
        try page.write(to: file("report.html"))
        return page.troubles
    }

    /// For people who read text.
    package var markdown: String {
        (["```\n\(command)\n```", rates.markdown] + correlations.tables.map(\.markdown))
            .joined(separator: "\n\n") + "\n"
    }

    /// For a terminal: the columns that say most, aligned; all of them stand in report.md and rates.tsv.
    package var text: String {
        let narrow = TextTable(
            columns: [
                .init("noise"), .init("level", alignment: .number), .init("arm"), .init("prior"),
                .init("runs", alignment: .number), .init("matched", alignment: .number),
                .init("exact", alignment: .number), .init("failed", alignment: .number),
                .init("cosine", alignment: .number), .init("time", unit: "s", alignment: .number),
            ],
            rows: cells.map {
                [
                    $0.noise, "\($0.level)", $0.arm, $0.prior, "\($0.exact.trials)",
                    Self.text($0.matched), Self.text($0.exact), "\($0.failed)",
                    StudyNumber.text($0.medianCosine, 3), StudyNumber.text($0.medianSeconds, 2),
                ]
            })
        // Structures of several sizes have rows of their own.
        let sizes = Set(cells.map(\.sizeClass.rawValue)).count > 1
        let lines = zip(["structures"] + cells.map(\.sizeClass.rawValue), narrow.aligned)
            .map { sizes ? "\($1)  \($0)" : $1 }
        return (lines + [rates.note, "Similarity and structural distance: report.md"]).joined(separator: "\n")
    }

    private static func text(_ rate: StudySummary.Rate) -> String {
        String(format: "%.3f [%.2f, %.2f]", rate.share, rate.interval.lowerBound, rate.interval.upperBound)
    }

    private var rates: TextTable {
        TextTable(
            columns: [
                .init("noise"), .init("level", alignment: .number), .init("structures"), .init("arm"),
                .init("prior"), .init("runs", alignment: .number), .init("matched", alignment: .number),
                .init("matched, fixed scale", alignment: .number), .init("exact", alignment: .number),
                .init("within 0.1 % and 0.05 Å", alignment: .number),
                .init("ambiguous", alignment: .number), .init("failed", alignment: .number),
                .init("median cosine", alignment: .number),
                .init("median time", unit: "s", alignment: .number),
            ],
            rows: cells.map {
                [
                    $0.noise, "\($0.level)", $0.sizeClass.rawValue, $0.arm, $0.prior, "\($0.exact.trials)",
                    Self.text($0.matched), Self.text($0.matchedFixedScale), Self.text($0.exact),
                    Self.text($0.near),
                    "\($0.ambiguous.successes)",
                    "\($0.failed)", StudyNumber.text($0.medianCosine, 3),
                    StudyNumber.text($0.medianSeconds, 2),
                ]
            }, note: "95 % Jeffreys intervals in brackets. Failed runs count as not recovered.")
    }

    private func gallery(_ runs: [RecoveryRun]) -> TextTable {
        TextTable(
            columns: [
                .init("structure"), .init("arm"), .init("noise"), .init("level", alignment: .number),
                .init("sample", alignment: .number), .init("cosine", alignment: .number),
                .init("distance", alignment: .number), .init("cell error", unit: "%", alignment: .number),
            ],
            rows: runs.prefix(20).map { run in
                let m = run.measures
                return [
                    run.structure, run.armName, run.noise, "\(run.level)", "\(run.sample)",
                    StudyNumber.text(m?.cosine ?? .nan, 3),
                    StudyNumber.text(m?.structuralDistance ?? .nan, 3),
                    StudyNumber.text(100 * (m?.cellError ?? .nan), 1),
                ]
            }, note: runs.count > 20 ? "20 of \(runs.count)." : "")
    }
}
