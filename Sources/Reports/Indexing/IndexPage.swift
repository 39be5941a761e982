import Foundation
import Indexing
import Jobs
import Publishing

/// index.json and index.html: the best cell's fit with the ticks of the best ones, the cells, the lines.
package struct IndexPage {
    private let summary: IndexSummary
    private let outcome: IndexJob.Outcome

    package init(_ summary: IndexSummary, _ outcome: IndexJob.Outcome) {
        (self.summary, self.outcome) = (summary, outcome)
    }

    /// Cells whose ticks stand under the pattern.
    private static let ticked = 3

    /// - Returns: why pictures are missing, each reason once.
    package func write(to output: String, footer: String) throws -> [String] {
        let folder = try AtomicFile.directory(output)
        try AtomicFile.write(summary.json(), to: folder.appendingPathComponent("index.json"))
        var page = HTMLPage(
            title: "Lattices of \(URL(fileURLWithPath: summary.file).lastPathComponent)",
            subtitle: summary.formula ?? "", footer: footer)
        page.section("Lattices, best first")
        page.verdict(
            summary.decided ? "The first lattice is an answer" : "Not decided", passed: summary.decided,
            checks: summary.clauses.map { HTMLPage.Check($0) })
        page.table(summary.table)
        for sentence in summary.sentences { page.paragraph(sentence) }
        if let plot {
            let files = try plot.write(to: folder, name: "index")
            page.section("Pattern")
            page.figure(
                plot, files.picture,
                caption:
                    "Net intensity, the first lattice's fit with free intensities, and the reflections of the best lattices."
            )
        }
        page.section("Lines")
        page.table(summary.lineTable)
        page.section("Files")
        page.files(
            [("index.json", "every number of this page")]
                + (plot == nil ? [] : [("index.tsv", "the pattern and the fit of the first lattice")]))
        try page.write(to: folder.appendingPathComponent("index.html"))
        return page.troubles
    }

    /// Nil where there was no pattern or no lattice was fitted.
    private var plot: FitPlot? {
        guard let best = outcome.candidates.first, !best.calculated.isEmpty else { return nil }
        let count = min(best.calculated.count, outcome.twoTheta.count)
        return FitPlot(
            title: summary.file, twoTheta: Array(outcome.twoTheta.prefix(count)),
            observed: Array(outcome.net.prefix(count)), calculated: Array(best.calculated.prefix(count)),
            phases: outcome.candidates.prefix(Self.ticked).enumerated().map { k, candidate in
                FitPlot.Phase(
                    name: "\(k + 1) \(candidate.cell.lattice.rawValue)",
                    positions: positions(candidate, last: outcome.twoTheta[count - 1]))
            }, intensityUnit: "net intensity")
    }

    /// Degrees 2θ of the reflections of a lattice up to a last angle.
    private func positions(_ candidate: IndexJob.Candidate, last: Double) -> [Double] {
        guard let wavelength = outcome.wavelength else { return [] }
        let s = 2 * sin(last * .pi / 360) / wavelength
        return candidate.cell.predictedQ(upTo: s * s).map {
            2 * asin(min(1, $0.squareRoot() * wavelength / 2)) * 180 / .pi + candidate.zero
        }
    }
}
