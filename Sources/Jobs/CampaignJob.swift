import Campaigns

/// Works on a campaign until every task of its shard is settled.
package struct CampaignJob: Job {
    package typealias Outcome = [TaskState: Int]

    package var run: CampaignRun

    package init(_ run: CampaignRun) { self.run = run }

    /// - Throws: `CampaignError`, `WriteError`: what is done is in the store then, and the next run goes on.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> [TaskState: Int] {
        try await run.run { text, done, total in
            report(.step("\(done) of \(total); \(text)", done: done, of: total))
        }
    }
}
