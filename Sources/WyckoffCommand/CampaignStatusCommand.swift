import ArgumentParser
import Campaigns
import Publishing
import Reports

struct CampaignStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how far a campaign is, who works on it and what failed.",
        discussion: """
            Takes one store, or the stores of its shards, while they are worked on too. Exit status: 0 all tasks are \
            done or answered no, 1 some are not.

            Example:
              wyckoff campaign status all.sqlite
            """)

    @Argument(help: "Stores.")
    var stores: [String]

    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let status = try CampaignStatus(try stores.map { try CampaignStore(path: $0) })
        try Terminal.print(json ? try JSONDialect.line(status) : status.text)
        if !status.isComplete { throw NegativeAnswer() }
    }
}
