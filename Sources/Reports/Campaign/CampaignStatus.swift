import Campaigns
import Foundation
import Publishing

/// How a campaign stands.
package struct CampaignStatus: Encodable, Sendable {
    package struct Failure: Encodable, Sendable {
        package var index: Int
        package var name: String
        package var error: String
    }

    /// What Slurm says.
    package struct Cluster: Encodable, Sendable {
        package var arrayJob: String
        package var mergeJob: String
        package var shards: Int
        /// Shards in each of Slurm's states.
        package var states: [String: Int]
        @ExplicitNull package var remark: String?

        package init(_ submission: SlurmSubmission, _ queue: SlurmQueue) {
            (arrayJob, mergeJob) = (submission.arrayJob, submission.mergeJob)
            (shards, states) = (submission.shards, queue.states)
            _remark = ExplicitNull(wrappedValue: queue.remark)
        }

        var text: String {
            let known = states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let said = known.isEmpty ? "not in the queue" : known.joined(separator: ", ")
            return "Slurm job \(arrayJob) of \(shards) shards: \(said)" + (remark.map { " (\($0))" } ?? "")
        }
    }

    package var tasks: Int
    package var pending: Int
    package var running: Int
    package var done: Int
    package var no: Int
    package var failed: Int
    /// Who works, in words.
    package var runners: [String]
    package var failures: [Failure]
    /// Of a campaign on a cluster.
    @ExplicitNull package var cluster: Cluster?

    /// - Parameters:
    ///   - tasks: of the whole, those that a shard has not begun among them.
    ///   - counts: by state.
    package init(tasks: Int, _ counts: [TaskState: Int], runners: [String] = [], failures: [Failure] = []) {
        self.tasks = tasks
        (running, done, no, failed) = (
            counts[.running] ?? 0, counts[.done] ?? 0, counts[.no] ?? 0, counts[.failed] ?? 0
        )
        pending = tasks - running - done - no - failed
        (self.runners, self.failures) = (runners, failures)
        _cluster = ExplicitNull(wrappedValue: nil)
    }

    /// Of several shards, which may be in work.
    ///
    /// - Parameter tasks: of the whole where no shard has begun.
    package init(_ stores: [CampaignStore], tasks: Int = 0) throws {
        var counts: [TaskState: Int] = [:]
        var runners: [String] = []
        var failures: [Failure] = []
        for store in stores {
            counts.merge(try store.standing()) { $0 + $1 }
            runners += try store.workers()
            for index in try store.indices(.failed) {
                guard let task = try store.task(index) else { continue }
                failures.append(
                    Failure(index: index, name: task.name, error: (task.failure ?? "").onOneLine))
            }
        }
        let tasks = try stores.first?.identity().tasks ?? tasks
        self.init(tasks: tasks, counts, runners: runners, failures: failures.sorted { $0.index < $1.index })
    }

    /// Of one shard, after a run.
    ///
    /// - Parameter counts: of the shard.
    package init(_ counts: [TaskState: Int], of store: CampaignStore, _ shard: CampaignShard) throws {
        let failures = try store.indices(.failed).filter(shard.holds).compactMap { index in
            try store.task(index).map {
                Failure(index: index, name: $0.name, error: ($0.failure ?? "").onOneLine)
            }
        }
        self.init(tasks: counts.values.reduce(0, +), counts, failures: failures)
    }

    package var isComplete: Bool { done + no == tasks }

    /// One line, then who works and what failed.
    package var text: String {
        ([line] + [cluster?.text].compactMap { $0 } + runners.map { "in work: \($0)" }
            + failures.map { "failed: task \($0.index) (\($0.name)): \($0.error)" })
            .joined(separator: "\n")
    }

    /// Counts alone.
    package var line: String {
        var parts = ["\(done) of \(tasks) tasks done"]
        if no > 0 { parts.append("\(no) answered no") }
        if failed > 0 { parts.append("\(failed) failed") }
        if running > 0 { parts.append("\(running) in work") }
        if pending > 0 { parts.append("\(pending) to be done") }
        return parts.joined(separator: ", ")
    }
}
