import Foundation
import Publishing

/// A campaign on a cluster: a folder with a store for each shard, the scripts, the logs and, in the end, the merged store.
package struct SlurmCampaign: Sendable {
    /// Absolute.
    package let folder: String

    /// - Parameter folder: as it was typed.
    package init(folder: String) {
        self.folder = InputPath.absolute(folder, in: FileManager.default.currentDirectoryPath)
    }

    /// nil where nothing was submitted.
    package func submission() throws -> SlurmSubmission? {
        let path = folder + "/submission.json"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // Whatever is wrong with it, nothing of it can be used.
        guard let data = FileManager.default.contents(atPath: path),
            let found = try? JSONDecoder().decode(SlurmSubmission.self, from: data)
        else {
            throw CampaignError(path, "is damaged", remedy: "name a new folder")
        }
        return found
    }

    package func store(_ shard: Int) -> String { folder + "/shards/\(shard).sqlite" }

    /// The stores of the shards that have begun.
    package func stores(_ submission: SlurmSubmission) throws -> [CampaignStore] {
        try (1...max(1, submission.shards)).map(store)
            .filter { FileManager.default.fileExists(atPath: $0) }
            .map { try CampaignStore(path: $0) }
    }

    /// Shards of which not every task has its result.
    func unfinished(tasks: Int, shards: Int) throws -> [Int] {
        try (1...shards).filter { number in
            guard let shard = CampaignShard("\(number)/\(shards)") else { return false }
            let asked = (0..<tasks).count { shard.holds($0) }
            guard FileManager.default.fileExists(atPath: store(number)) else { return asked > 0 }
            let counts = try CampaignStore(path: store(number)).counts()
            return counts[.done, default: 0] + counts[.no, default: 0] < asked
        }
    }

    /// Writes the scripts and gives them to sbatch; of a campaign that was submitted before, those shards that are not
    /// finished, with what failed in them.
    ///
    /// - Parameters:
    ///   - shards: nil for as many as there were, or 8.
    ///   - arguments: after `campaign run`: the manifest and its options.
    ///   - options: for every task.
    /// - Returns: nil where every shard is finished.
    /// - Throws: `CampaignError`, `WriteError`.
    package func submit(
        _ manifest: CampaignManifest, shards asked: Int?, program: String, arguments: [String],
        options: [String], _ resources: SlurmResources
    ) throws -> SlurmSubmission? {
        guard let sbatch = SlurmProgram("sbatch") else {
            throw CampaignError(
                nil, "there is no sbatch on the PATH",
                remedy: "log in to the cluster, or share the work by --shard i/n with any other scheduler")
        }
        let before = try submission()
        let shards = min(manifest.tasks.count, asked ?? before?.shards ?? Self.shards)
        if let before {
            guard before.shards == shards, before.tasks == manifest.tasks.count else {
                throw CampaignError(
                    folder, "is a campaign of \(before.tasks) tasks in \(before.shards) shards",
                    remedy: "submit that, or name a new folder")
            }
            try checkQueue(before)
        }
        let numbers = try unfinished(tasks: manifest.tasks.count, shards: shards)
        guard !numbers.isEmpty else { return nil }
        for part in ["shards", "logs"] { _ = try AtomicFile.directory(folder + "/" + part) }
        let scripts = SlurmScripts(
            folder: folder, workingFolder: FileManager.default.currentDirectoryPath, program: program,
            arguments: arguments, options: options, shards: shards, resources: resources)
        try AtomicFile.write(
            Array(scripts.array(numbers, isRepeated: before != nil).utf8), to: folder + "/shards.sh")
        try AtomicFile.write(Array(scripts.merge().utf8), to: folder + "/merge.sh")
        let array = try Self.job(sbatch.run(["--parsable", folder + "/shards.sh"]))
        let merge = try Self.job(
            sbatch.run(["--parsable", "--dependency=afterany:\(array)", folder + "/merge.sh"]))
        let result = SlurmSubmission(
            tasks: manifest.tasks.count, shards: shards, submitted: numbers, arrayJob: array, mergeJob: merge)
        try AtomicFile.write(
            Array((try JSONDialect.indented(result) + "\n").utf8), to: folder + "/submission.json")
        return result
    }

    /// Shards where none are asked for.
    private static let shards = 8

    /// `12` or `12;cluster`.
    private static func job(_ text: String) throws -> String {
        let number = text.split { $0 == ";" || $0.isNewline }.first.map(String.init) ?? ""
        guard Int(number) != nil else {
            throw CampaignError(
                "sbatch", "answers '\(text.prefix(60))', no job's number", remedy: "see squeue")
        }
        return number
    }

    private func checkQueue(_ before: SlurmSubmission) throws {
        let states = try SlurmQueue(before).states
        let waiting = states.filter { SlurmQueue.isAlive($0.key) }.values.reduce(0, +)
        guard waiting == 0 else {
            throw CampaignError(
                folder, "\(waiting) shards of job \(before.arrayJob) are in the queue or run",
                remedy: "wait for them, or end them by scancel \(before.arrayJob) \(before.mergeJob)")
        }
    }
}
