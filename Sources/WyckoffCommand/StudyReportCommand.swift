import ArgumentParser
import Foundation
import Studies

struct StudyReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Tables and plots of a study's store.",
        discussion: """
            Writes report.html, report.md, results.csv (one line a run), rates.tsv, and the plots with their data \
            and gnuplot scripts.

            Example: wyckoff study report study.sqlite -o report
            """)

    @Argument(help: "The store that wyckoff study recovery wrote.")
    var store: String

    @Option(name: .shortAndLong, help: "Directory for the results; made if it is not there.")
    var output: String

    func run() throws {
        let file = try StudyStore(path: store, mustExist: true)
        let runs = try file.runs(includingStructures: false)
        guard !runs.isEmpty else { throw StudyError.store(path: store, reason: "holds no runs yet") }
        let folder = URL(fileURLWithPath: output, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let report = StudyReport(StudySummary(runs), command: try file.value("command") ?? "")
        try report.write(to: folder)
        print(report.markdown)
    }
}
