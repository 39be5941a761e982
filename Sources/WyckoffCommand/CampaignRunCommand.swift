import ArgumentParser
import Campaigns
import Foundation
import Jobs
import Publishing
import Reports

struct CampaignRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Works on a campaign until every task is settled; goes on with what was begun.",
        discussion: """
            Exit status: 0 all tasks are done; 1 some answered "no"; 2 some failed, or the campaign cannot be run: a bad \
            manifest, an input that has changed since the campaign began, a store or a disk that cannot be written. \
            What failed stays failed until --retry-failed.

            Commands that take --jobs get --jobs 1 where neither row nor options say otherwise. Results that would be \
            lost get a place: recover and solve -o result, relax -o relaxed.cif.

            Examples:
              wyckoff campaign run 'generated/*.cif' --command validate --store judged.sqlite --jobs 8
              wyckoff campaign run tasks.csv --store all.sqlite --retry-failed
              wyckoff campaign run tasks.csv --store 3.sqlite --shard 3/8
            """)

    @OptionGroup var campaign: CampaignOptions

    @Option(
        help: "The SQLite file that keeps tasks and results; made if it is not there, gone on with if it is.",
        completion: .file())
    var store: String

    @Option(help: "Tasks at a time; results do not depend on it. (default: the number of cores)")
    var jobs: Int?

    @Option(help: ArgumentHelp("Every n-th task, beginning with the i-th, i from 1.", valueName: "i/n"))
    var shard: String?

    @Flag(help: "Do once more what failed.")
    var retryFailed = false

    @Flag(help: "One JSON object with the counts.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number above 0") }
        _ = try part()
    }

    private func part() throws -> CampaignShard {
        guard let shard else { return .whole }
        guard let part = CampaignShard(shard) else {
            throw ValidationError("--shard takes i/n with i from 1 to n, such as 3/8, not '\(shard)'")
        }
        return part
    }

    func run() async throws {
        let manifest = try campaign.read()
        try AtomicFile.probe(file: store)
        var run = CampaignRun(
            manifest, store: store, program: try Self.program(),
            version: WyckoffCommand.configuration.version)
        run.shard = try part()
        run.jobs = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        run.retriesFailed = retryFailed
        let progress = ProgressLine(isShown: !quiet)
        let counts = try await CampaignJob(run).run { progress.show($0) }
        progress.clear()
        let status = try CampaignStatus(counts, of: try CampaignStore(path: store), run.shard)
        try Terminal.print(json ? try JSONDialect.line(status) : status.text)
        if status.failed > 0 { throw ExitCode(2) }
        if status.no > 0 { throw NegativeAnswer() }
    }

    /// This program: its tasks are runs of the same one.
    static func program() throws -> String {
        guard let path = Bundle.main.executablePath else {
            throw CampaignError(nil, "the program's own place is unknown", remedy: "call it by its path")
        }
        return path
    }
}
