import Foundation
import Publishing

/// Works on a campaign until every task of its shard is settled, with other processes on the same store or alone.
package struct CampaignRun: Sendable {
    package var manifest: CampaignManifest
    package var store: String
    package var shard = CampaignShard.whole
    /// Tasks at a time.
    package var jobs = 1
    package var retriesFailed = false
    /// The program whose commands are run.
    package var program: String
    package var version: String
    /// Seconds between two looks at tasks that other processes hold.
    static let patience = 0.2

    package init(_ manifest: CampaignManifest, store: String, program: String, version: String) {
        (self.manifest, self.store, self.program, self.version) = (manifest, store, program, version)
    }

    /// - Parameter report: after each task: its name and state, how many are done, failed ones among them, of how many.
    /// - Throws: `CampaignError`; tasks in work are done first and kept where that can be.
    package func run(reporting report: @escaping @Sendable (String, Int, Int) -> Void) async throws
        -> [TaskState: Int]
    {
        let tasks = manifest.tasks.filter { shard.holds($0.index) }
        let store = try CampaignStore(path: store, isNew: true)
        try adopt(store)
        let digest = InputDigest()
        try enrol(tasks, in: store, digest)
        RunnerLock.clean(store: store.path)
        let lock = try RunnerLock(store: store.path)
        defer {
            lock.end()
            RunnerLock.clean(store: store.path)
        }
        if retriesFailed { _ = try store.retryFailed(shard) }
        let worker = TaskWorker(
            store: store, lock: lock, process: try TaskProcess(program: program), digest: digest,
            tasks: Dictionary(uniqueKeysWithValues: tasks.map { ($0.index, $0) }), shard: shard,
            version: version, report: { report($0, $1, tasks.count) })
        while true {
            try free(store, besides: lock)
            try await work(worker)
            let others = try store.runners(shard)
            let pending = try store.counts(shard)[.pending] ?? 0
            if others.isEmpty && pending == 0 { break }
            if pending == 0 { try await Task.sleep(for: .seconds(Self.patience)) }
        }
        return try store.counts(shard)
    }

    private func adopt(_ store: CampaignStore) throws {
        let own = CampaignIdentity(
            digest: manifest.identity, tasks: manifest.tasks.count, version: version)
        let known = try store.adopt(own)
        guard known.digest == own.digest else {
            throw CampaignError(
                store.path, "was begun with another manifest or other options",
                remedy: "give those, or name a new store")
        }
        guard known.version == version else {
            throw CampaignError(
                store.path, "was begun by wyckoff \(known.version), this is \(version)",
                remedy: "go on with that version, or name a new store")
        }
    }

    /// Writes what is new and checks the inputs of what is there.
    private func enrol(_ tasks: [CampaignTask], in store: CampaignStore, _ digest: InputDigest) throws {
        let known = try store.inputs(shard)
        var new: [(task: CampaignTask, inputs: [TaskFile])] = []
        for task in tasks {
            let found = try task.inputs.map(digest.digest)
            if let before = known[task.index] {
                try InputDigest.compare(task, found, before)
            } else {
                new.append((task, found))
            }
        }
        try store.enrol(new)
    }

    /// Takes tasks from processes that have ended.
    private func free(_ store: CampaignStore, besides own: RunnerLock) throws {
        for runner in try store.runners(shard) where runner != own.runner {
            if !RunnerLock.isAlive(runner, store: store.path) { try store.release(runner: runner) }
        }
    }

    /// - Throws: the first error of any worker, after all have stopped.
    private func work(_ worker: TaskWorker) async throws {
        let width = max(1, jobs)
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            for _ in 0..<width {
                group.addTask {
                    do {
                        try await worker.run()
                        return nil
                    } catch {
                        worker.stop()
                        return error
                    }
                }
            }
            var first: (any Error)?
            for await error in group { first = first ?? error }
            return first
        }
        if let failure {
            worker.giveBack()
            throw failure
        }
    }
}
