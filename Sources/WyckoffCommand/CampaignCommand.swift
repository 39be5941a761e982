import ArgumentParser
import Campaigns

struct CampaignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "campaign",
        abstract: "Carries a command over many structures: resumes, shares work, merges.",
        discussion: """
            A campaign is a list of tasks, each one run of \(CarriedCommand.allCases.map(\.rawValue).joined(separator: ", ")). \
            Every task is a process and a folder of its own; what comes of it is kept in an SQLite store in one \
            transaction. Whatever ends a run, the next one goes on: what is done stays done, what was in work is done \
            again. Several processes may work on one store of one machine; machines share a campaign by shards, one \
            store each, which are merged (Docs/Campaigns.md).

            The tasks are the rows of a table (.csv), whose columns are the commands' options without their dashes: \
            fmax, space-group, reference; a column twice gives an option twice; of a flag true or false; an empty cell \
            gives nothing. Three columns are more: command; name; file, what a command takes without a dash (of solve \
            and refine also pattern, the first of them). Paths begin in the table's folder; what is written goes to the \
            task's folder and comes out by export. Or every file of a folder, of a pattern of names, of a list is a \
            task of --command.

            Examples:
              wyckoff campaign run structures/ --command relax --store relaxed.sqlite --jobs 4 -- --fmax 0.02
              wyckoff campaign run tasks.csv --store all.sqlite
              wyckoff campaign status all.sqlite
              wyckoff campaign results all.sqlite --json
              wyckoff campaign export all.sqlite results
              wyckoff campaign run tasks.csv --store 3.sqlite --shard 3/8
              wyckoff campaign merge 1.sqlite 2.sqlite 3.sqlite -o all.sqlite
              wyckoff campaign submit --slurm tasks.csv --folder all --shards 8 --time 2:00:00
            """,
        subcommands: [
            CampaignRunCommand.self, CampaignStatusCommand.self, CampaignResultsCommand.self,
            CampaignExportCommand.self, CampaignMergeCommand.self, CampaignSubmitCommand.self,
        ])
}
