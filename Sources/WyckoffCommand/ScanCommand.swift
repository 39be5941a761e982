import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct ScanCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Finds every minimum of an objective along parameters of a structure, and says how surely.",
        discussion: """
            One parameter moves, all others stay at the truth, the space group is held; a cell parameter outside the \
            crystal family (b of a hexagonal cell, alpha) is scanned without symmetry. Lengths are scanned ±20 %, \
            angles ±20°, coordinates until atoms stand closer than half the sum of their covalent radii or until the \
            period that the normalizer gives is over; --range and --whole-period change that.

            The certificate says what the list of minima is worth. exact: a coordinate at fixed cell with cosine, mse, \
            pearson or rwp, whose derivative has the zeros of a trigonometric polynomial of known degree. heuristic: \
            all else, sampled finely enough for the fastest peak, and finer where a cubic does not foretell the middle.

            Printed are the minima that describe different crystals; those within 1, 5 and 20 % of the range above the \
            best; the way from the truth to the nearer end of its basin; the share of the axis with negative curvature; \
            a verdict. False minima are named by the reflections that stand on others there. --along all adds the \
            Hessian's spectrum at the truth: stiff and sloppy combinations of the parameters.

            Examples:
              wyckoff scan rutile.cif --along O1.x
              wyckoff scan U2Ti.cif --along all --objective entropy -o U2Ti-scans
              wyckoff scan U2Ti.cif --along a,alpha --profile 2 --json
              wyckoff scan NaCl.cif --along a --objective energy
              wyckoff scan PbSO4.cif --along all --objective xrd+energy:0.2 -o both
            """)

    @OptionGroup var options: LandscapeOptions

    @Option(help: ArgumentHelp("Parameters with commas between them, or all.", valueName: "names"))
    var along = "all"

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Where an axis is scanned; may be repeated.", valueName: "name=from:to"))
    var range: [String] = []

    @Option(
        help: ArgumentHelp(
            "With -o: each axis once more for these widths of peaks, as a family of curves.",
            valueName: "5,2,1,0.5,0.1"))
    var profiles: String?

    @Flag(help: "Scan coordinates over their whole period, through collisions of atoms.")
    var wholePeriod = false

    @Option(
        help:
            "A measured pattern to compare with; scale, background and, without --fwhm, one width are fitted at the truth. Or: self.",
        completion: .file())
    var against = "self"

    @Option(
        help:
            "First sampling, in the parameter's unit; one that skips whole peaks is refused. (default: a quarter of the width of the fastest peak)"
    )
    var step: Double?

    @Option(
        name: .shortAndLong, help: "Directory for curves, tables and report.html; made if it is not there.",
        completion: .directory)
    var output: String?

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        _ = try widths()
        if along != "all" { _ = try ranges(of: typedAxes) }
        guard profiles == nil || output != nil else {
            throw ValidationError("--profiles draws curves: name a directory with -o")
        }
        if let step, !(step > 0) { throw ValidationError("--step takes a number above 0") }
        guard !along.isEmpty else { throw ValidationError("--along takes names such as a,O1.x, or all") }
    }

    var resultFolder: String? { output }

    func run() async throws {
        if let output { try OutputPlace.probe(folder: output) }
        let truth = try options.truth()
        var job = ScanJob(truth, try options.choice(against: against), along: try chosenAxes(of: truth))
        job.crossesCollisions = wholePeriod
        job.step = step
        job.widths = try widths()
        job.takesHessian = along == "all"
        let progress = ProgressLine(isShown: !quiet)
        var outcome = try await naming(options.file) { [job] in try await job.run { progress.show($0) } }
        outcome.seconds = CampaignTaskSide.seconds(outcome.seconds)
        progress.clear()
        let report = ScanReport(
            outcome, file: options.file, axes: along == "all" ? "all axes" : along,
            command: Invocation.footer)
        let summary = report.summary
        if !quiet { for warning in summary.warnings { Terminal.warning(warning) } }
        try Terminal.print(json ? try summary.json() : summary.text) {
            guard let output else { return }
            for trouble in try report.write(to: AtomicFile.directory(output)) {
                Terminal.warning("curves are not drawn: \(trouble)")
            }
        }
        if let output, !json { try Terminal.print("results in \(output), report: \(output)/report.html") }
    }

    private func widths() throws -> [Double] {
        guard let profiles else { return [] }
        return try profiles.split(separator: ",").map { text in
            guard let width = Double(text), (0.02...20).contains(width) else {
                throw ValidationError("--profiles takes degrees from 0.02 to 20, not '\(text)'")
            }
            return width
        }
    }

    private var typedAxes: [String] { along.split(separator: ",").map(String.init) }

    private func ranges(of axes: [String]) throws -> [String: ClosedRange<Double>] {
        try ParameterRanges.parse(range, of: axes, along: along)
    }

    private func chosenAxes(of truth: ReducedStructure) throws -> [ScanJob.Axis] {
        let names = along == "all" ? truth.parameters.map(\.name) : typedAxes
        let ranges = try ranges(of: names)
        return names.map { ScanJob.Axis($0, range: ranges[$0]) }
    }
}
