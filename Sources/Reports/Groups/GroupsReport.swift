import Foundation
import Jobs
import Publishing

/// The folder of a pattern's extinction symbols: groups.json, the pattern with its lines, groups.html.
package struct GroupsReport: Sendable {
    package let summary: GroupsSummary
    private let plot: FitPlot
    private let command: String

    /// - Parameter command: as it was given; shown at the foot.
    package init(_ outcome: GroupsJob.Outcome, pattern: String, command: String) {
        summary = GroupsSummary(outcome, pattern: pattern)
        plot = Self.plot(outcome, pattern: pattern)
        self.command = command
    }

    /// - Returns: why the picture is missing.
    package func write(to folder: URL) throws -> [String] {
        try AtomicFile.write(
            try JSONDialect.indented(summary) + "\n", to: folder.appendingPathComponent("groups.json"))
        try AtomicFile.write(
            summary.symbolTable(summary.symbols).tabSeparated,
            to: folder.appendingPathComponent("symbols.tsv"))
        let picture = try plot.write(to: folder, name: "groups").picture
        let page = page(picture)
        try page.write(to: folder.appendingPathComponent("groups.html"))
        return page.troubles
    }

    /// Symbols whose conditions stand on the page.
    private static let explained = 3

    private func page(_ picture: Picture) -> HTMLPage {
        let name = URL(fileURLWithPath: summary.pattern).lastPathComponent
        var page = HTMLPage(
            title: "Extinction symbols of \(name)", subtitle: summary.symbols.first?.symbol ?? "",
            footer: command)
        page.section("Result")
        if let best = summary.symbols.first {
            page.verdict(
                summary.decided ? "\(best.symbol)" : "Not decided", passed: summary.decided,
                checks: best.conditions.map { evidence in
                    HTMLPage.Check(
                        "\(evidence.zone): \(evidence.condition), \(evidence.lines.count) lines forbidden, "
                            + "\(evidence.against.count) of them there at 3 σ or more",
                        passed: evidence.lines.isEmpty ? nil : evidence.absenceOdds > 0)
                })
        }
        for warning in summary.warnings { page.paragraph("Note: \(warning)") }
        page.section("Pattern")
        page.figure(plot, picture, caption: "Lines that the first symbol leaves, and those that it forbids.")
        page.section("Symbols")
        page.table(summary.symbolTable(Array(summary.symbols.prefix(20))))
        for symbol in summary.symbols.prefix(Self.explained) where !symbol.conditions.isEmpty {
            page.section("What speaks for and against \(symbol.symbol)")
            page.table(summary.conditionTable(symbol))
        }
        return page
    }

    private static func plot(_ outcome: GroupsJob.Outcome, pattern: String) -> FitPlot {
        let ranking = outcome.ranking
        let absent = Set(ranking.best?.absentLines ?? [])
        func phase(_ name: String, _ indices: [Int]) -> FitPlot.Phase {
            FitPlot.Phase(
                name: name, positions: indices.map { ranking.lines[$0].line.twoTheta },
                labels: indices.map {
                    let h = ranking.lines[$0].line.index
                    return "\(h.x) \(h.y) \(h.z)"
                })
        }
        let count = ranking.fit.calculated.count
        let background = Array(outcome.background.prefix(count))
        let title = outcome.pattern.title
        return FitPlot(
            title: title.isEmpty ? URL(fileURLWithPath: pattern).lastPathComponent : title,
            twoTheta: Array(outcome.pattern.twoTheta.prefix(count)),
            observed: Array(outcome.pattern.intensity.prefix(count)),
            calculated: zip(ranking.fit.calculated, background).map { $0 + $1 }, background: background,
            phases: [
                phase("allowed", ranking.lines.indices.filter { !absent.contains($0) }),
                phase("absent", absent.sorted()),
            ], scale: .squareRoot, excluded: outcome.excluded)
    }
}
