import ArgumentParser
import Foundation
import Publishing
import Reports
import Studies
import Wyckoff

struct StudyLandscapeCommand: AsyncParsableCommand {
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
        help: "Structure files, sets of structures (.jsonl, .extxyz, also .gz), or folders of them.")
    var structures: [String]

    @Option(help: "A sample of this many, balanced over the crystal systems. (default: all)")
    var count: Int?

    @Option(help: "The same seed draws the same sample.")
    var seed: UInt64 = 1

    @Option(help: "Objectives with commas between them.")
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

    @Option(name: .shortAndLong, help: "Directory for the results; made if it is not there.")
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

    func run() async throws {
        try AtomicFile.probe(folder: output)
        let file = URL(fileURLWithPath: output, isDirectory: true).appendingPathComponent("axes.tsv")
        if !resume, FileManager.default.fileExists(atPath: file.path) {
            throw ValidationError("\(file.path) is there already: add --resume, or name another directory")
        }
        let chosen = try references()
        let study = LandscapeStudy(
            structures: chosen, settings: try settings(), angleStep: angleStep, jobs: jobs,
            mostCoordinates: mostCoordinates, mostVaried: mostVaried ?? .max, verifies: verify)
        let folder = try AtomicFile.directory(output)
        let table = try opened(file.path, study)
        let done = Set(table.rows.map { "\($0.structure)\t\($0.setting)" })
        let progress = ProgressLine(isShown: !quiet)
        try await study.run(except: done) { batch, count, total in
            try table.append(batch)
            progress.show("\(count) of \(total): \(batch.first?.structure ?? "")")
        }
        progress.clear()
        let report = LandscapeStudyReport(try LandscapeStudy.Row.read(file))
        try Terminal.print(report.markdown) {
            for trouble in try report.write(to: folder) {
                Terminal.warning("plots are not drawn: \(trouble)")
            }
        }
    }

    /// The table with what is finished; what a stopped run left half done is taken out and said.
    private func opened(_ path: String, _ study: LandscapeStudy) throws -> LandscapeTable {
        let counts = Dictionary(
            study.structures.map { ($0.name, study.axes(of: $0.structure).count) },
            uniquingKeysWith: { first, _ in first })
        let table = try LandscapeTable(path: path) { counts[$0] }
        if table.dropped > 0 {
            Terminal.warning("\(path): \(table.dropped) lines of a run that was stopped are done again")
        }
        return table
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

    private func references() throws -> [(name: String, structure: ReducedStructure)] {
        for path in structures where !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("\(path): not there; give structure files or folders of them")
        }
        let isQuiet = quiet
        var result: [(name: String, structure: ReducedStructure)] = []
        for (name, structure) in try LandscapeSample.read(
            structures, skipped: { if !isQuiet { Terminal.error($0) } })
        {
            let free = structure.parameters.count
            if free <= mostParameters {
                result.append((name, structure))
            } else if !isQuiet, count == nil {
                Terminal.error("\(name): \(free) free parameters, more than --most-parameters: left out")
            }
        }
        guard !result.isEmpty else { throw ValidationError("--structures: no structure could be read") }
        return count.map { LandscapeSample.stratified(result, count: $0, seed: seed) } ?? result
    }
}
