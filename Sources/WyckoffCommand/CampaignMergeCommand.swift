import ArgumentParser
import Campaigns
import Publishing
import Reports

struct CampaignMergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Makes one store of the stores of a campaign's shards.",
        discussion: """
            Of a task that several stores hold what is done goes before what failed, and that before what is not done; \
            two results that differ, or inputs that did, are refused. Exit status: 0 all tasks of the campaign are done \
            or answered no, 1 some are not, 2 the stores do not belong together.

            Example:
              wyckoff campaign merge shards/*.sqlite -o all.sqlite
            """)

    @Argument(help: "Stores.", completion: .file())
    var stores: [String]

    @Option(
        name: .shortAndLong, help: "The store to make; an older one of the same campaign is replaced.",
        completion: .file())
    var output: String

    @Flag(help: "One JSON object with the counts.")
    var json = false

    func run() throws {
        try AtomicFile.probe(file: output)
        let (identity, counts) = try CampaignMerge(stores, into: output).run()
        let status = CampaignStatus(tasks: identity.tasks, counts)
        try Terminal.print(json ? try JSONDialect.line(status) : status.text)
        if !status.isComplete { throw NegativeAnswer() }
    }
}
