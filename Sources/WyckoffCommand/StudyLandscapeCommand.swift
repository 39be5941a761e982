import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Studies
import Wyckoff

struct StudyLandscapeCommand: AsyncParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "landscape",
        abstract: "Scans all axes of many structures: how many minima, how wide the basin of the truth.",
        discussion: """
            Every structure is idealised at 0.1 Å in its conventional standard cell; every free parameter is scanned as \
            wyckoff scan does, under each objective, profile width and range of 2θ: all combinations, or with \
            --one-at-a-time each list with the first of the other two. --count draws a sample, as many of each crystal \
            system as there are, the same for the same --seed. --verify scans every axis once more with twice the \
            resolution and says where another stationary point came up.

            The directory gets axes.tsv (one line an axis, added to as the study goes on) and the report: summary.md \
            and plots of how many basins are narrower than what. A study that was stopped goes on with --resume; \
            wyckoff study report DIR makes the report of what is there.

            Examples:
              wyckoff study landscape --structures structures -o landscapes
              wyckoff study landscape --structures mp20.jsonl.gz --count 300 --seed 1 --most-coordinates 2 \
            --objectives cosine,mse,entropy,wasserstein,rwp --profiles paper,0.1,0.5,2,5 --last-angles 90,40,120 \
            --one-at-a-time --most-varied 42 -o mp20
              wyckoff study landscape --structures mp20.jsonl.gz --count 40 --verify -o doubled
            """)

    @Option(
        parsing: .upToNextOption,
        help: "Structure files, sets of structures (.jsonl, .extxyz, also .gz), or folders of them.",
        completion: .file())
    var structures: [String]

    @Option(help: "A sample of this many, balanced over the crystal systems. (default: all)")
    var count: Int?

    @Option(help: "The same seed draws the same sample.")
    var seed: UInt64 = 1

    @Option(help: "Objectives with commas between them.", completion: CompletedValues.objectives)
    var objectives = "cosine"

    @Option(help: "Widths of peaks, degrees 2θ; paper for those of the paper (0.3 to 0.6).")
    var profiles = "paper"

    @Option(help: "Last angles 2θ, degrees.")
    var lastAngles = "90"

    @Flag(help: "Each list with the first of the other two, not all combinations.")
    var oneAtATime = false

    @Option(
        help: "Degrees 2θ between points. (default: a fifth of --profiles, 0.06 for those of the paper)")
    var angleStep: Double?

    @Option(help: "Structures with more free parameters than this are left out.")
    var mostParameters = 60

    @Option(help: "Of a structure with more free coordinates than this, so many spread over its list.")
    var mostCoordinates = 60

    @Option(help: "Widths and ranges beside the first see so many structures, the first ones. (default: all)")
    var mostVaried: Int?

    @Flag(help: "Scan every axis once more with twice the resolution.")
    var verify = false

    @Option(help: "Structures at a time. (default: the number of cores)")
    var jobs: Int?

    @Option(
        name: .shortAndLong, help: "Directory for the results; made if it is not there.",
        completion: .directory)
    var output: String

    @Flag(help: "Go on with a directory that holds results already.")
    var resume = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        _ = try settings()
        if let angleStep, !(angleStep > 0.001 && angleStep <= 1) {
            throw ValidationError("--angle-step takes degrees from 0.001 to 1")
        }
        if let count, count < 1 { throw ValidationError("--count takes a number above 0") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number above 0") }
    }

    var resultFolder: String? { output }

    func run() async throws {
        try AtomicFile.probe(folder: output)
        let isQuiet = quiet
        var job = LandscapeStudyJob(
            LandscapeStudy(structures: [], settings: try settings()),
            table: URL(fileURLWithPath: output, isDirectory: true).appendingPathComponent("axes.tsv"))
        job.resumes = resume
        try job.checkTable()
        job.study = LandscapeStudy(
            structures: try sample.structures { if !isQuiet { Terminal.error($0) } },
            settings: try settings(), angleStep: angleStep, jobs: jobs, mostCoordinates: mostCoordinates,
            mostVaried: mostVaried ?? .max, verifies: verify)
        let folder = try AtomicFile.directory(output)
        let progress = ProgressLine(isShown: !quiet)
        let rows = try await job.run { progress.show($0) }
        progress.clear()
        let report = LandscapeStudyReport(rows, command: Invocation.footer(seed: seed))
        try Terminal.print(report.text) {
            for trouble in try report.write(to: folder) {
                Terminal.warning("plots are not drawn: \(trouble)")
            }
        }
    }

    private var sample: LandscapeStudyJob.Sample {
        var sample = LandscapeStudyJob.Sample(structures)
        (sample.count, sample.seed, sample.mostParameters) = (count, seed, mostParameters)
        return sample
    }

    private func settings() throws -> [LandscapeStudy.Setting] {
        func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
        let measures = try list(objectives).map { name in
            guard let measure = SimilarityMeasure(name: name) else {
                throw ValidationError(
                    "--objectives takes \(SimilarityMeasure.all.map(\.name).joined(separator: ", ")), not '\(name)'"
                )
            }
            return measure
        }
        let widths = try list(profiles).map { profile -> Double? in
            if profile == "paper" { return nil }
            guard let fwhm = Double(profile), (0.02...20).contains(fwhm) else {
                throw ValidationError("--profiles takes paper or degrees 0.02 to 20, not '\(profile)'")
            }
            return fwhm
        }
        let angles = try list(lastAngles).map { angle in
            guard let last = Double(angle), (10..<180).contains(last) else {
                throw ValidationError("--last-angles takes degrees 10 to 180, not '\(angle)'")
            }
            return last
        }
        guard !measures.isEmpty, !widths.isEmpty, !angles.isEmpty else {
            throw ValidationError("name at least one objective, profile and angle")
        }
        if oneAtATime {
            return LandscapeStudy.Setting.oneAtATime(measures, widths: widths, lastAngles: angles)
        }
        return measures.flatMap { measure in
            widths.flatMap { width in angles.map { .init(measure, fwhm: width, lastAngle: $0) } }
        }
    }
}
