import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct MapCommand: AsyncParsableCommand, FolderWriting {
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
            "A measured pattern to compare with; scale, background and, without --fwhm, one width are fitted at the truth. Or: self.",
        completion: .file())
    var against = "self"

    @Option(
        name: .shortAndLong, help: "Directory for the results; made if it is not there.",
        completion: .directory)
    var output: String

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    var resultFolder: String? { output }

    func run() async throws {
        try OutputPlace.probe(folder: output)
        let truth = try options.truth()
        let plane = try named(options.file) { try axes.plane(of: truth) }
        let job = MapJob(
            truth, plane, try options.choice(against: against), try axes.sampling(of: plane))
        let progress = ProgressLine(isShown: !quiet)
        let outcome = try await naming(options.file) { try await job.run { progress.show($0) } }
        progress.clear()
        let report = MapReport(
            outcome, file: options.file, objective: options.objective, command: Invocation.footer)
        let summary = report.summary
        try Terminal.print(json ? try summary.json() : summary.text) {
            for trouble in try report.write(to: AtomicFile.directory(output)) {
                Terminal.warning("the map is not drawn: \(trouble)")
            }
        }
        if !json { try Terminal.print("results in \(output), report: \(output)/report.html") }
    }
}
