import ArgumentParser
import Campaigns
import Foundation
import Publishing
import Reports

struct CampaignStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how far a campaign is, who works on it and what failed.",
        discussion: """
            Takes one store, the stores of its shards, or the folder of a campaign on a cluster, of which squeue and \
            sacct are asked, while they are worked on too. Exit status: 0 all tasks are done or answered no, 1 some are \
            not.

            Example:
              wyckoff campaign status all.sqlite
            """)

    @Argument(help: "Stores, or the folder of a campaign on a cluster.", completion: .file())
    var stores: [String]

    @Flag(help: "One JSON object.")
    var json = false

    func run() throws {
        let status = try onCluster() ?? CampaignStatus(try stores.map { try CampaignStore(path: $0) })
        try Terminal.print(json ? try JSONDialect.line(status) : status.text)
        if !status.isComplete { throw NegativeAnswer() }
    }

    /// nil where stores are named.
    private func onCluster() throws -> CampaignStatus? {
        var isFolder: ObjCBool = false
        guard stores.count == 1, FileManager.default.fileExists(atPath: stores[0], isDirectory: &isFolder),
            isFolder.boolValue
        else { return nil }
        let cluster = SlurmCampaign(folder: stores[0])
        guard let submission = try cluster.submission() else {
            throw CampaignError(stores[0], "no campaign was submitted there", remedy: "name a store")
        }
        var status = try CampaignStatus(try cluster.stores(submission), tasks: submission.tasks)
        status.cluster = CampaignStatus.Cluster(submission, try SlurmQueue(submission))
        return status
    }
}
