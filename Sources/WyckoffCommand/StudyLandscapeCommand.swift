import ArgumentParser
import Foundation
import Reports
import Studies
import Wyckoff

struct StudyLandscapeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "landscape",
        abstract: "Scans all axes of many structures: how many minima, how wide the basin of the truth.",
        discussion: """
            Every structure is idealised at 0.1 Å in its conventional standard cell; every free parameter is scanned as \
            wyckoff scan does, under each objective, profile width and range of 2θ (all combinations). The directory \
            gets axes.tsv (one line an axis, added to as the study goes on) and summary.md with groups by kind of axis, \
            crystal family, objective, width and range. A study that was stopped goes on with --resume.

            Examples:
              wyckoff study landscape --structures structures -o landscapes
              wyckoff study landscape --structures U2Ti.cif --objectives cosine,mse,entropy --profiles 0.1,0.5,2,5 -o widths
            """)

    @Option(parsing: .upToNextOption, help: "Structure files, or folders of them.")
    var structures: [String]

    @Option(help: "Objectives with commas between them.")
    var objectives = "cosine"

    @Option(help: "Widths of peaks, degrees 2θ; paper for those of the paper (0.3 to 0.6).")
    var profiles = "paper"

    @Option(help: "Last angles 2θ, degrees.")
    var lastAngles = "90"

    @Option(help: "Degrees 2θ between points.")
    var angleStep = 0.04

    @Option(help: "Structures with more free parameters than this are left out.")
    var mostParameters = 30

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
        guard angleStep > 0.001, angleStep <= 1 else {
            throw ValidationError("--angle-step takes degrees from 0.001 to 1")
        }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number above 0") }
    }

    func run() async throws {
        let folder = try AtomicFile.directory(output)
        let table = folder.appendingPathComponent("axes.tsv")
        var rows = try previous(table)
        let done = Set(rows.map { "\($0.structure)\t\(Self.setting(of: $0))" })
        let chosen = try references()
        let study = LandscapeStudy(
            structures: chosen, settings: try settings(), angleStep: angleStep, jobs: jobs,
            mostAxes: mostParameters)
        let header = LandscapeStudy.Row.columns.joined(separator: "\t") + "\n"
        if rows.isEmpty { try AtomicFile.write(header, to: table) }
        let handle = try FileHandle(forWritingTo: table)
        defer { try? handle.close() }
        try handle.seekToEnd()
        let progress = ProgressLine(isShown: !quiet)
        try await study.run(except: done) { batch, count, total in
            let text = batch.map { $0.fields.joined(separator: "\t") + "\n" }.joined()
            try handle.write(contentsOf: Data(text.utf8))
            progress.show("\(count) of \(total): \(batch.first?.structure ?? "")")
        }
        progress.clear()
        rows = try previous(table, isResumed: true)
        let report = Self.report(rows)
        try AtomicFile.write(report + "\n", to: folder.appendingPathComponent("summary.md"))
        print(report)
    }

    private static func setting(of row: LandscapeStudy.Row) -> String {
        "\(row.measure) \(row.fwhm == 0 ? "paper" : "\(row.fwhm)") \(row.lastAngle)"
    }

    private func settings() throws -> [LandscapeStudy.Setting] {
        var result: [LandscapeStudy.Setting] = []
        for objective in objectives.split(separator: ",") {
            guard let measure = SimilarityMeasure(name: String(objective)) else {
                throw ValidationError(
                    "--objectives takes \(SimilarityMeasure.all.map(\.name).joined(separator: ", ")), not '\(objective)'"
                )
            }
            for profile in profiles.split(separator: ",") {
                let fwhm = Double(profile)
                guard profile == "paper" || (fwhm.map { (0.02...20).contains($0) } ?? false) else {
                    throw ValidationError("--profiles takes paper or degrees 0.02 to 20, not '\(profile)'")
                }
                for angle in lastAngles.split(separator: ",") {
                    guard let last = Double(angle), (10..<180).contains(last) else {
                        throw ValidationError("--last-angles takes degrees 10 to 180, not '\(angle)'")
                    }
                    result.append(.init(measure, fwhm: fwhm, lastAngle: last))
                }
            }
        }
        guard !result.isEmpty else { throw ValidationError("name at least one objective, profile and angle") }
        return result
    }

    private func previous(_ table: URL, isResumed: Bool? = nil) throws -> [LandscapeStudy.Row] {
        guard FileManager.default.fileExists(atPath: table.path) else { return [] }
        guard isResumed ?? resume else {
            throw ValidationError("\(table.path) is there already: add --resume, or name another directory")
        }
        let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
        return lines.compactMap { line in
            LandscapeStudy.Row(
                fields: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }
    }

    private func references() throws -> [(name: String, structure: ReducedStructure)] {
        var files: [String] = []
        for path in structures {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw ValidationError("\(path): not there; give structure files or folders of them")
            }
            files +=
                isFolder.boolValue
                ? try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { path + "/" + $0 }
                : [path]
        }
        let known = ["cif", "vasp", "poscar", "xyz", "json"]
        var result: [(String, ReducedStructure)] = []
        for file in files where known.contains(URL(fileURLWithPath: file).pathExtension.lowercased()) {
            do {
                let structure = try reduced(file, tolerance: 0.1)
                guard structure.parameters.count <= mostParameters else {
                    if !quiet {
                        Terminal.error(
                            "\(file): \(structure.parameters.count) free parameters, more than --most-parameters: left out"
                        )
                    }
                    continue
                }
                result.append(
                    (URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent, structure))
            } catch {
                if !quiet { Terminal.error("left out: \(error)") }
            }
        }
        guard !result.isEmpty else { throw ValidationError("--structures: no structure could be read") }
        return result
    }

    /// Tables by kind of axis, crystal family, objective, width and range.
    static func report(_ rows: [LandscapeStudy.Row]) -> String {
        let summary = LandscapeStudySummary(rows)
        func count<T: Hashable>(_ value: (LandscapeStudy.Row) -> T) -> Int { Set(rows.map(value)).count }
        var parts = ["\(rows.count) scans of \(count(\.structure)) structures."]
        func profile(_ row: LandscapeStudy.Row) -> String { row.fwhm == 0 ? "paper" : "\(row.fwhm)" }
        parts.append(
            "By objective, width (degrees 2θ), last angle and kind of axis:\n\n"
                + LandscapeStudySummary.markdown(
                    summary.groups { [$0.measure, profile($0), "\($0.lastAngle)", $0.kind] },
                    headings: ["objective", "FWHM", "2θ to", "axis"]))
        if count(\.family) > 1 {
            let first = rows.first.map(setting(of:)) ?? ""
            parts.append(
                "By crystal family (\(first)):\n\n"
                    + LandscapeStudySummary.markdown(
                        summary.groups(where: { setting(of: $0) == first }) { [$0.family, $0.kind] },
                        headings: ["family", "axis"]))
        }
        return parts.joined(separator: "\n\n")
    }
}
