import ArgumentParser
import Campaigns
import Foundation
import Publishing
import Reports

struct CampaignSubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Gives a campaign to a cluster: an array of shards, and a job that merges them.",
        discussion: """
            --folder, which all machines see, takes a store for each shard (shards/), what was said (logs/), the scripts \
            (shards.sh, merge.sh), submission.json and, when every shard has ended, campaign.sqlite, the merged store. A \
            shard whose machine fails is begun again by Slurm and goes on. The same command again submits the shards \
            only that are not finished, with what failed in them. Exit status: 0 submitted, or nothing was left to be \
            done; 2 bad manifest, no Slurm, a job of the folder is still there.

            Example:
              wyckoff campaign submit --slurm structures/ --command relax --folder relaxed --shards 32 --jobs 8 \
            --time 2:00:00 --mem 8G -- --fmax 0.02
              wyckoff campaign status relaxed
              wyckoff campaign export relaxed/campaign.sqlite results
            """)

    @OptionGroup var campaign: CampaignOptions

    @Flag(help: "To Slurm, the one scheduler that is known; any other takes run --shard i/n.")
    var slurm = false

    @Option(help: "Directory of the campaign; made if it is not there.", completion: .directory)
    var folder: String

    @Option(help: "Parts, each a job of the array. (default: 8)")
    var shards: Int?

    @Option(help: "Cores of a shard, and its tasks at a time.")
    var jobs = 1

    @Option(help: "Partition of the cluster.")
    var partition: String?

    @Option(help: ArgumentHelp("Time of a shard, as sbatch takes it.", valueName: "hours:minutes:seconds"))
    var time: String?

    @Option(
        name: [.customLong("mem")],
        help: ArgumentHelp("Memory of a shard, as sbatch takes it: 4G.", valueName: "size"))
    var memory: String?

    @Option(
        help: ArgumentHelp(
            "Another option of sbatch, such as --sbatch=--account=x; may be repeated.", valueName: "option"))
    var sbatch: [String] = []

    @Flag(help: "One JSON object with the jobs' numbers.")
    var json = false

    func validate() throws {
        guard slurm else {
            throw ValidationError("submit needs --slurm; other schedulers take run --shard i/n")
        }
        if let shards, shards < 1 { throw ValidationError("--shards takes a number above 0") }
        guard jobs > 0 else { throw ValidationError("--jobs takes a number above 0") }
    }

    func run() throws {
        let manifest = try campaign.read()
        try AtomicFile.probe(folder: folder)
        let resources = SlurmResources(
            partition: partition, time: time, memory: memory, jobs: jobs, further: sbatch)
        let cluster = SlurmCampaign(folder: folder)
        let submission = try cluster.submit(
            manifest, shards: shards, program: try CampaignRunCommand.program(),
            arguments: campaign.manifest + (campaign.command.map { ["--command", $0] } ?? []),
            options: campaign.options, resources)
        guard let submission else {
            try Terminal.print(
                json ? "{\"submission\":null}" : "every shard is finished: nothing is submitted")
            return
        }
        try Terminal.print(
            json
                ? try JSONDialect.line(["submission": submission])
                : "job \(submission.arrayJob): \(submission.submitted.count) of \(submission.shards) shards, "
                    + "\(submission.tasks) tasks in all; job \(submission.mergeJob) merges them into "
                    + "\(folder)/campaign.sqlite")
    }
}
