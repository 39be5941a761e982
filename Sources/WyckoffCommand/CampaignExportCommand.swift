import ArgumentParser
import Campaigns
import Publishing
import Reports

struct CampaignExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a campaign's results and the files of every task into a folder.",
        discussion: """
            results.csv, results.jsonl and tasks/NUMBER-NAME/ are the same bytes however often the campaign was \
            interrupted and on however many machines it ran; timings.csv is what it took this time.

            Example:
              wyckoff campaign export all.sqlite results
            """)

    @Argument(help: "The store.", completion: .file())
    var store: String

    @Argument(help: "The folder; made if it is not there.", completion: .directory)
    var folder: String

    @Flag(help: "One JSON object with the numbers of tasks and files.")
    var json = false

    private struct Summary: Encodable {
        var tasks: Int
        var files: Int
        var folder: String
    }

    func run() throws {
        let store = try CampaignStore(path: store)
        try OutputPlace.probe(folder: folder, mark: "results.jsonl")
        let (tasks, files) = try CampaignExport(store).write(to: AtomicFile.directory(folder))
        let summary = Summary(tasks: tasks, files: files, folder: folder)
        try Terminal.print(
            json ? try JSONDialect.line(summary) : "\(tasks) tasks and \(files) files of theirs in \(folder)")
    }
}
