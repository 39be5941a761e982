import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct MapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Draws an objective over two parameters of a structure.",
        discussion: """
            The target is the truth's own pattern, or with --against a measured one. Axes of the crystal family keep \
            the space group; an axis outside it (b of a hexagonal cell, alpha) is sampled without symmetry, where a \
            is one length alone. Minima are those of the grid; the basin is what flows to the truth over the grid.

            The directory holds the values, map.svg, map.png, their script, summary.json and report.html.

            Examples:
              wyckoff map U2Ti.cif --along a,c -o U2Ti-a-c
              wyckoff map U2Ti.cif --along a,alpha --grid 41x41 --objective entropy -o U2Ti-a-alpha
              wyckoff map U2Ti.cif --along a,c --objective energy -o U2Ti-energy
              wyckoff map rutile.cif --along a,O1.x --range a=4.4:4.8 --fwhm 2 -o wide
            """)

    @OptionGroup var options: LandscapeOptions
    @OptionGroup var axes: PlaneOptions

    @Option(
        help:
            "A measured pattern to compare with; scale, background and, without --fwhm, one width are fitted at the truth. Or: self."
    )
    var against = "self"

    @Option(name: .shortAndLong, help: "Directory for the results; made if it is not there.")
    var output: String

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func run() async throws {
        try OutputPlace.probe(folder: output)
        let truth = try options.truth()
        let job = MapJob(
            truth, try axes.plane(of: truth), try options.choice(against: against), try axes.sampling())
        let progress = ProgressLine(isShown: !quiet)
        let outcome = try await naming(options.file) { try await job.run { progress.show($0) } }
        progress.clear()
        let (plane, objective) = (outcome.plane, outcome.objective)
        let plot = SurfacePlot(
            outcome.map, plane: plane, title: truth.title.isEmpty ? options.file : truth.title,
            valueName: objective.name, cutsWalls: objective.energy != nil)
        let summary = MapSummary(
            file: options.file, structure: truth, plane: plane, map: outcome.map,
            objective: options.objective,
            seconds: outcome.seconds)
        try Terminal.print(json ? try summary.json() : summary.text) { try write(summary, plot, plane) }
        if !json { try Terminal.print("results in \(output), report: \(output)/report.html") }
    }

    private func write(_ summary: MapSummary, _ plot: SurfacePlot, _ plane: LandscapePlane) throws {
        let folder = try AtomicFile.directory(output)
        let files = try plot.write(to: folder, name: "map")
        try AtomicFile.write(summary.json(), to: folder.appendingPathComponent("summary.json"))
        var page = HTMLPage(
            title: "\(plot.title): \(plane.x.name), \(plane.y.name)",
            subtitle: plane.structure.spaceGroup.symbol, footer: Invocation.footer)
        for sentence in summary.sentences { page.paragraph(sentence) }
        page.figure(
            plot, files.picture,
            caption: "\(plot.valueName) over \(plane.x.name) and \(plane.y.name).")
        page.section("Minima of the grid")
        page.table(summary.table)
        try page.write(to: folder.appendingPathComponent("report.html"))
        for trouble in page.troubles { Terminal.warning("the map is not drawn: \(trouble)") }
    }
}
