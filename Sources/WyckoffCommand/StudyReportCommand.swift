import ArgumentParser
import Foundation
import Publishing
import Reports
import Studies

struct StudyReportCommand: ParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Tables and plots of a study's store.",
        discussion: """
            Writes report.html, report.md, results.csv (one line a run), rates.tsv, and the plots with their data \
            and gnuplot scripts. Of the directory of wyckoff study landscape, finished or not: summary.md and \
            report.html with the distributions of basins and minima.

            Examples:
              wyckoff study report study.sqlite -o report
              wyckoff study report landscapes -o landscapes
            """)

    @Argument(
        help: "The store that wyckoff study recovery wrote, or the directory of wyckoff study landscape.",
        completion: .file())
    var store: String

    @Option(
        name: .shortAndLong, help: "Directory for the results; made if it is not there.",
        completion: .directory)
    var output: String

    var resultFolder: String? { output }

    func run() throws {
        try AtomicFile.probe(folder: output)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: store, isDirectory: &isFolder), isFolder.boolValue {
            let table = URL(fileURLWithPath: store).appendingPathComponent("axes.tsv")
            guard FileManager.default.fileExists(atPath: table.path) else {
                throw StudyError.usage(
                    "\(store): holds no axes.tsv; name a directory of wyckoff study landscape")
            }
            let report = LandscapeStudyReport(
                try LandscapeStudy.Row.read(table), command: Invocation.footer)
            try Terminal.print(report.text) {
                for trouble in try report.write(to: AtomicFile.directory(output)) {
                    Terminal.warning("plots are not drawn: \(trouble)")
                }
            }
            return
        }
        let file = try StudyStore(path: store, mustExist: true)
        let runs = try file.runs(includingStructures: false)
        guard !runs.isEmpty else { throw StudyError.store(path: store, reason: "holds no runs yet") }
        let report = StudyReport(StudySummary(runs), command: try file.value("command") ?? "")
        try Terminal.print(report.text) {
            for trouble in try report.write(to: AtomicFile.directory(output)) {
                Terminal.warning("plots are not drawn: \(trouble)")
            }
        }
    }
}
