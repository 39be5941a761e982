import Foundation
import Publishing
import Studies

/// The pages of a study of recoveries.
package struct StudyReport {
    package let summary: StudySummary
    package let command: String
    private let cells: [StudySummary.Cell]
    private let correlations: [SimilarityCorrelation]

    package init(_ summary: StudySummary, command: String) {
        self.summary = summary
        self.command = command
        cells = summary.cells
        correlations = [
            SimilarityCorrelation("cosine", of: summary.runs, value: \.cosine),
            SimilarityCorrelation("entropy", of: summary.runs, value: \.entropy),
            SimilarityCorrelation("mse", of: summary.runs, value: \.meanSquaredError),
        ].compactMap { $0 }
    }

    /// - Returns: why plots are missing.
    package func write(to folder: URL) throws -> [String] {
        func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
        try AtomicFile.write(summary.csv, to: file("results.csv"))
        try AtomicFile.write(rates.tabSeparated, to: file("rates.tsv"))
        try AtomicFile.write(markdown, to: file("report.md"))
        let plots = try StudyPlots(summary, cells).write(to: folder)
        var page = HTMLPage(
            title: "Recovery of distorted structures", subtitle: "\(summary.runs.count) runs", footer: command
        )
        page.section("Rates")
        page.table(rates)
        for plot in plots {
            for element in plot.elements { page.drawing(element, plot.picture, caption: plot.caption) }
        }
        page.section("Similarity and structural distance")
        page.table(correlationTable)
        page.table(informationTable)
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
        [
            "```\n\(command)\n```", rates.markdown, correlationTable.markdown,
            informationTable.markdown,
        ].joined(separator: "\n\n") + "\n"
    }

    private var rates: TextTable {
        func text(_ rate: StudySummary.Rate) -> String {
            String(
                format: "%.3f [%.2f, %.2f]", rate.share, rate.interval.lowerBound, rate.interval.upperBound)
        }
        return TextTable(
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
                    text($0.matched), text($0.matchedFixedScale), text($0.exact), text($0.near),
                    "\($0.ambiguous.successes)",
                    "\($0.failed)", Self.number($0.medianCosine, 3), Self.number($0.medianSeconds, 2),
                ]
            }, note: "95 % Jeffreys intervals in brackets. Failed runs count as not recovered.")
    }

    /// A dash where there is no number.
    private static func number(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? String(format: "%.\(digits)f", value) : "–"
    }

    private var correlationTable: TextTable {
        func text(_ e: SimilarityCorrelation.Estimate) -> String {
            guard let interval = e.interval else { return "–" }
            return String(format: "%.2f [%.2f, %.2f]", e.value, interval.lowerBound, interval.upperBound)
        }
        return TextTable(
            columns: [
                .init("similarity"), .init("end points", alignment: .number),
                .init("structures", alignment: .number), .init("Pearson", alignment: .number),
                .init("Spearman", alignment: .number), .init("Kendall", alignment: .number),
            ],
            rows: correlations.map {
                [
                    $0.similarity, "\($0.points)", "\($0.structures)", text($0.pearson), text($0.spearman),
                    text($0.kendall),
                ]
            },
            note:
                "Against the structural distance, all arms together; 95 % bootstrap intervals over structures."
        )
    }

    private var informationTable: TextTable {
        TextTable(
            columns: [
                .init("similarity"), .init("k", alignment: .number),
                .init("mutual information", unit: "nat", alignment: .number),
                .init("permuted: mean", alignment: .number), .init("permuted: largest", alignment: .number),
                .init("p", alignment: .number), .init("bias, Gaussians ρ 0", alignment: .number),
                .init("bias, ρ 0.9", alignment: .number),
            ],
            rows: correlations.flatMap { correlation in
                correlation.information.map { i in
                    [correlation.similarity, "\(i.k)"]
                        + [i.value, i.nullMean, i.nullMaximum, i.p, i.biasAt0, i.biasAt09].map {
                            Self.number($0, 3)
                        }
                }
            }, note: "With the structural distance (KSG, on ranks); 99 permutations.")
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
                    Self.number(m?.cosine ?? .nan, 3), Self.number(m?.structuralDistance ?? .nan, 3),
                    Self.number(100 * (m?.cellError ?? .nan), 1),
                ]
            }, note: runs.count > 20 ? "20 of \(runs.count)." : "")
    }
}
