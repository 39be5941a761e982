import Foundation
import Publishing

/// What each shard asks of the cluster.
package struct SlurmResources: Sendable, Hashable {
    package var partition: String?
    /// As sbatch takes it: `2:00:00`.
    package var time: String?
    /// As sbatch takes it, for the whole shard: `4G`.
    package var memory: String?
    /// Cores of a shard, as many as tasks at a time.
    package var jobs: Int
    /// Further options of sbatch, each one word: `--account=chemistry`.
    package var further: [String]

    package init(
        partition: String? = nil, time: String? = nil, memory: String? = nil, jobs: Int = 1,
        further: [String] = []
    ) {
        (self.partition, self.time, self.memory) = (partition, time, memory)
        (self.jobs, self.further) = (jobs, further)
    }
}

/// The scripts of an array of shards and of the job that merges them.
package struct SlurmScripts {
    var folder: String
    /// Where relative paths of the manifest's name begin.
    var workingFolder: String
    var program: String
    /// After `campaign run`: manifest and options.
    var arguments: [String]
    /// For every task.
    var options: [String]
    var shards: Int
    var resources: SlurmResources

    /// - Parameters:
    ///   - numbers: of the shards, from 1.
    ///   - isRepeated: whether what failed is done once more.
    func array(_ numbers: [Int], isRepeated: Bool) -> String {
        var directives = [
            "--job-name=\(Self.name(of: folder))", "--array=\(Self.list(numbers))",
            "--cpus-per-task=\(resources.jobs)", "--output=\(Self.quoted(folder + "/logs/shard-%a.log"))",
            "--open-mode=append", "--requeue",
        ]
        if let partition = resources.partition { directives.append("--partition=\(partition)") }
        if let time = resources.time { directives.append("--time=\(time)") }
        if let memory = resources.memory { directives.append("--mem=\(memory)") }
        directives += resources.further
        let shard = "\"$SLURM_ARRAY_TASK_ID\""
        let command =
            ShellQuoting.command([program, "campaign", "run"] + arguments)
            + " --store \(ShellQuoting.word(folder + "/shards"))/\(shard).sqlite --shard \(shard)/\(shards)"
            + " --jobs \(resources.jobs) --quiet" + (isRepeated ? " --retry-failed" : "")
            + (options.isEmpty ? "" : " -- " + ShellQuoting.command(options))
        return Self.script(
            directives,
            """
            cd \(ShellQuoting.word(workingFolder)) || exit 2
            \(command)
            status=$?
            # "No" is an answer, not a failure of the job.
            [ "$status" -eq 1 ] && exit 0
            exit "$status"
            """)
    }

    func merge() -> String {
        var directives = [
            "--job-name=\(Self.name(of: folder))-merge",
            "--output=\(Self.quoted(folder + "/logs/merge.log"))",
            "--open-mode=append", "--requeue",
        ]
        if let partition = resources.partition { directives.append("--partition=\(partition)") }
        directives += resources.further
        let place = ShellQuoting.word(folder)
        return Self.script(
            directives,
            """
            cd \(ShellQuoting.word(workingFolder)) || exit 2
            exec \(ShellQuoting.word(program)) campaign merge \(place)/shards/*.sqlite -o \(place)/campaign.sqlite
            """)
    }

    private static func script(_ directives: [String], _ body: String) -> String {
        (["#!/bin/bash"] + directives.map { "#SBATCH \($0)" } + ["", body, ""]).joined(separator: "\n")
    }

    private static func name(of folder: String) -> String {
        let last = folder.split(separator: "/").last.map(String.init) ?? "campaign"
        return "wyckoff-" + String(last.map { $0.isLetter || $0.isNumber ? $0 : "-" }.prefix(40))
    }

    /// A path in a directive: sbatch reads quotes, and % as the sign of a pattern. The one for the shard stays.
    private static func quoted(_ path: String) -> String {
        "\"" + path.replacing("%", with: "%%").replacing("%%a.log", with: "%a.log") + "\""
    }

    /// `1-8`, `2,5-7`.
    package static func list(_ numbers: [Int]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
