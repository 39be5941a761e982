import Foundation
import Jobs
import Landscape
import Publishing

/// The folder of paths over a map: summary, picture with its data, page.
package struct PathsReport {
    package let summary: PathsSummary
    private let plot: SurfacePlot
    private let plane: LandscapePlane
    private let command: String

    /// - Parameters:
    ///   - file: of the structure, as it was named.
    ///   - lossName: what the colour of the map means.
    package init(_ outcome: PathsJob.Outcome, file: String, lossName: String, command: String) {
        (plane, self.command) = (outcome.plane, command)
        plot = SurfacePlot(
            outcome.map, plane: outcome.plane, title: "\(outcome.reference.name): paths from one start",
            valueName: lossName,
            paths: outcome.paths.map { path in
                SurfacePlot.Path(
                    name: path.name, points: path.points.map { SurfacePlot.Point(x: $0.x, y: $0.y) },
                    isJump: path.isJump)
            })
        summary = PathsSummary(
            file: file, axes: [outcome.plane.x.name, outcome.plane.y.name], paths: outcome.paths)
    }

    /// - Returns: why the picture is missing.
    package func write(to folder: URL) throws -> [String] {
        let files = try plot.write(to: folder, name: "paths")
        try AtomicFile.write(summary.json(), to: folder.appendingPathComponent("summary.json"))
        var page = HTMLPage(
            title: plot.title, subtitle: plane.structure.spaceGroup.symbol, footer: command)
        page.figure(
            plot, files.picture, caption: "Squares: the start. Dots: the end. Dashed: searched, not walked.")
        page.section("Where they ended")
        page.table(summary.table)
        page.section("Files")
        page.files([("summary.json", "every number of this page"), ("paths.tsv", "the values of the map")])
        try page.write(to: folder.appendingPathComponent("report.html"))
        return page.troubles
    }
}
