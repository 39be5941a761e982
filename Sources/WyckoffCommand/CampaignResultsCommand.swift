import ArgumentParser
import Campaigns
import Publishing
import Reports

struct CampaignResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Prints what came of a campaign's tasks: a table, JSON lines or CSV.",
        discussion: """
            --json prints an object for each task: command, arguments, seed, state, exit status, version, SHA-256 of what \
            it read and wrote, and under output the objects that the command itself printed. --csv has a column \
            output.KEY for each number, truth and text of the first of them. --timings tells what each task took.

            Examples:
              wyckoff campaign results all.sqlite --only failed
              wyckoff campaign results all.sqlite --csv > all.csv
            """)

    @Argument(help: "The store.", completion: .file())
    var store: String

    @Option(
        help: "Tasks that stand so: \(TaskState.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(TaskState.allCases.map(\.rawValue)))
    var only: String?

    @Flag(help: "One JSON object for each task, one a line.")
    var json = false

    @Flag(help: "Comma-separated values, a line a task.")
    var csv = false

    @Flag(help: "Comma-separated seconds, processor seconds, memory, attempts and machine of each task.")
    var timings = false

    func validate() throws {
        if let only, TaskState(rawValue: only) == nil {
            let names = TaskState.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--only takes \(names), not '\(only)'")
        }
        guard [json, csv, timings].count(where: { $0 }) < 2 else {
            throw ValidationError("--json, --csv and --timings are three forms: give one")
        }
    }

    func run() throws {
        let table = try CampaignTable(
            try CampaignStore(path: store), only: only.flatMap(TaskState.init(rawValue:)))
        if json {
            try table.forEach { try Terminal.print(try $0.json()) }
        } else {
            let text = timings ? try table.costs() : csv ? try table.csv() : try table.text()
            try Terminal.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
    }
}
