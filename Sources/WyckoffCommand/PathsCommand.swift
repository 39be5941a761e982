import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Studies
import Wyckoff

struct PathsCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "paths",
        abstract: "Draws the ways of optimisers over a map, from one start.",
        discussion: """
            The start is the truth with the parameters of --start changed, outside the crystal family where they say \
            so, or the truth distorted at random as in Segal et al. (2025). Every method moves all lattice \
            parameters, or all coordinates where an axis is one; the map shows two of them, the others at the truth. \
            A method that searches instead of walking is drawn as a dashed jump.

            The objective is that of the paper's simulator, 2θ 0 to 90° in steps of 0.01°; the map has --two-theta.

            Examples:
              wyckoff paths BPO4.cif --along a,c --start a=4.8,b=4.5,c=6.1 --methods descent,descent-family,wyckoff -o paths
              wyckoff paths U2Ti.cif --along a,gamma --distort 0.1 --seed 3 --grid 41x41 -o paths
            """)

    @OptionGroup var options: LandscapeOptions
    @OptionGroup var axes: PlaneOptions

    @Option(
        help: ArgumentHelp(
            "Where the paths begin; a,b,c move alone unless only one of tied lengths is named.",
            valueName: "a=4.8,c=6.1"))
    var start: String?

    @Option(help: "σ of the paper's distortion, of what the axes are.")
    var distort: Double?

    @Option(help: "The same seed gives the same start.")
    var seed: UInt64 = 1

    @Option(
        help: "descent, descent-family, descent-symmetry, adam, lbfgs, wyckoff.",
        completion: .list(["descent", "descent-family", "descent-symmetry", "adam", "lbfgs", "wyckoff"]))
    var methods = "descent,descent-family,wyckoff"

    @Option(
        name: .shortAndLong, help: "Directory for the results; made if it is not there.",
        completion: .directory)
    var output: String

    @Flag(help: "Print the summary as one JSON object.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        try options.requirePattern()
        guard (start == nil) != (distort == nil) else { throw ValidationError("give --start or --distort") }
        if let distort, !(distort > 0 && distort <= 0.5) {
            throw ValidationError("--distort takes a number above 0 and up to 0.5")
        }
        guard
            options.measure == .cosine || options.measure == .meanSquaredError
                || options.measure == .spectralEntropy
        else { throw ValidationError("paths follow cosine, mse or entropy, not '\(options.objective)'") }
        _ = try arms()
    }

    var resultFolder: String? { output }

    func run() async throws {
        try OutputPlace.probe(folder: output)
        let reference = try named(options.file) {
            try RecoveryReference.prepared(
                name: URL(fileURLWithPath: options.file).deletingPathExtension().lastPathComponent,
                structure: firstRecord(options.file).structure)
        }
        let plane = try named(options.file) { try axes.plane(of: reference.reduced) }
        let choice = try options.choice(against: "self")
        var job = PathsJob(
            reference, plane, from: try pathStart(), arms: try arms(), measure: options.measure,
            model: choice.model(plane.structure), twoTheta: choice.twoTheta,
            sampling: try axes.sampling(of: plane))
        job.seed = seed
        let progress = ProgressLine(isShown: !quiet)
        let outcome = try await job.run { progress.show($0) }
        progress.clear()
        let report = PathsReport(
            outcome, file: options.file, lossName: options.lossName, command: Invocation.footer(seed: seed))
        let summary = report.summary
        try Terminal.print(json ? try summary.json() : summary.text) {
            for trouble in try report.write(to: AtomicFile.directory(output)) {
                Terminal.warning("the paths are not drawn: \(trouble)")
            }
        }
        if !json { try Terminal.print("results in \(output), report: \(output)/report.html") }
    }

    /// `a=4.8,c=6.1`, or the distortion.
    private func pathStart() throws -> PathsJob.Start {
        guard let start else { return .distorted(distort ?? 0) }
        return .parameters(
            try start.split(separator: ",").map { part in
                let sides = part.split(separator: "=", maxSplits: 1)
                guard sides.count == 2, let value = Double(sides[1]), value.isFinite else {
                    throw ValidationError(
                        "--start takes names and numbers such as a=4.8,c=6.1, not '\(part)'")
                }
                return PathsJob.NamedValue(String(sides[0]), value)
            })
    }

    private func arms() throws -> [any RecoveryArm] {
        try methods.split(separator: ",").map { name in
            if name == "wyckoff" { return WyckoffArm() }
            guard let method = DescentArm.Method(rawValue: String(name)) else {
                let known = DescentArm.Method.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--methods takes \(known), wyckoff, not '\(name)'")
            }
            var arm = DescentArm(method, measure: options.measure)
            arm.recordsTrajectory = true
            return arm
        }
    }
}
