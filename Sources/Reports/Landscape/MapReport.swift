import Foundation
import Jobs
import Landscape
import Publishing

/// The folder of a map: summary, picture with its data, page.
package struct MapReport {
    package let summary: MapSummary
    private let plot: SurfacePlot
    private let plane: LandscapePlane
    private let command: String

    /// - Parameters:
    ///   - file: of the structure, as it was named.
    ///   - objective: as it was named.
    package init(_ outcome: MapJob.Outcome, file: String, objective: String, command: String) {
        (plane, self.command) = (outcome.plane, command)
        plot = SurfacePlot(
            outcome.map, plane: outcome.plane,
            title: outcome.truth.title.isEmpty ? file : outcome.truth.title,
            valueName: outcome.objective.name, cutsWalls: outcome.objective.energy != nil)
        summary = MapSummary(
            file: file, structure: outcome.truth, plane: outcome.plane, map: outcome.map,
            objective: objective, seconds: outcome.seconds)
    }

    /// - Returns: why the picture is missing.
    package func write(to folder: URL) throws -> [String] {
        let files = try plot.write(to: folder, name: "map")
        try AtomicFile.write(summary.json(), to: folder.appendingPathComponent("summary.json"))
        var page = HTMLPage(
            title: "\(plot.title): \(plane.x.name), \(plane.y.name)",
            subtitle: plane.structure.spaceGroup.symbol, footer: command)
        for sentence in summary.sentences { page.paragraph(sentence) }
        page.figure(
            plot, files.picture, caption: "\(plot.valueName) over \(plane.x.name) and \(plane.y.name).")
        page.section("Minima of the grid")
        page.table(summary.table)
        page.section("Files")
        page.files([("summary.json", "every number of this page"), ("map.tsv", "the values of the map")])
        try page.write(to: folder.appendingPathComponent("report.html"))
        return page.troubles
    }
}
