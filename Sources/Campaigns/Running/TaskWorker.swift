import Foundation
import Publishing

/// Claims tasks one after another, runs each in a process and a folder of its own, and keeps what came of it.
final class TaskWorker: Sendable {
    /// Keys of the table of flags.
    private enum Flag { case isStopped }

    private let store: CampaignStore
    private let lock: RunnerLock
    private let process: TaskProcess
    private let digest: InputDigest
    private let tasks: [Int: CampaignTask]
    private let shard: CampaignShard
    private let version: String
    private let report: @Sendable (String, Int) -> Void
    private let flags = LockedTable<Flag, Bool>()
    /// Seconds that a killed task is waited with: what killed it may be about to kill this process too, and then the
    /// task has not failed.
    private static let respite = 1.0

    init(
        store: CampaignStore, lock: RunnerLock, process: TaskProcess, digest: InputDigest,
        tasks: [Int: CampaignTask], shard: CampaignShard, version: String,
        report: @escaping @Sendable (String, Int) -> Void
    ) {
        (self.store, self.lock, self.process, self.digest) = (store, lock, process, digest)
        (self.tasks, self.shard, self.version, self.report) = (tasks, shard, version, report)
    }

    /// Begins nothing new.
    func stop() { flags[.isStopped] = true }

    /// What this process holds and has not done is to be done by the next one.
    func giveBack() {
        // A store that cannot be written is why: the lock, which goes with the process, tells the next one as well.
        try? store.release(runner: lock.runner)
    }

    /// Until nothing is left to be begun.
    func run() async throws {
        while flags[.isStopped] == nil, let index = try store.claim(shard, runner: lock.runner) {
            guard let task = tasks[index] else {
                throw CampaignError(
                    store.path, "holds task \(index), which the manifest has not",
                    remedy: "give the manifest that it was begun with")
            }
            let outcome = try await outcome(of: task)
            guard try store.settle(index, outcome, runner: lock.runner, version: version) else {
                throw CampaignError(
                    store.path, "task \(index) was taken by another process while it was in work here",
                    remedy: "leave the folder \(lock.folder) alone while processes work")
            }
            let counts = try store.counts(shard)
            let ended = counts[.done, default: 0] + counts[.no, default: 0] + counts[.failed, default: 0]
            report("\(task.name): \(Self.word(outcome.state))", ended)
        }
    }

    private static func word(_ state: TaskState) -> String { state == .no ? "answered no" : state.rawValue }

    private func outcome(of task: CampaignTask) async throws -> TaskOutcome {
        let before = try store.inputs(of: task.index)
        try InputDigest.compare(task, try task.inputs.map(digest.digest), before)
        let place = "\(lock.folder)/\(task.index)"
        let (out, err) = (place + ".out", place + ".err")
        let folder = try TaskFolder(place, inputs: task.inputs)
        defer {
            folder.remove()
            for file in [out, err] { unlink(file) }
        }
        let end = try await process.run(task.words, in: folder.path, output: out, errors: err)
        // Where the task's folder is differs from run to run.
        let errors = try text(err).replacing(folder.absolutePath + "/", with: "")
        try await checkInterruption(end, errors)
        var outcome = TaskOutcome(
            state: Self.state(end.status), status: end.status, signal: end.signal,
            output: Array(try content(out)), errors: errors, files: [], cost: end.cost)
        do {
            outcome.files = try folder.results()
        } catch let error as CampaignError {
            (outcome.state, outcome.errors) = (.failed, outcome.errors + "error: \(error)\n")
        }
        return outcome
    }

    private static func state(_ status: Int32?) -> TaskState {
        switch status {
        case 0: .done
        case 1: .no
        default: .failed
        }
    }

    /// A task that ended because the machine did not let it go on has not failed: it is to be done again.
    private func checkInterruption(_ end: TaskProcess.End, _ errors: String) async throws {
        let isInterrupted =
            end.status == 130 || [SIGINT, SIGTERM, SIGHUP].contains(end.signal ?? 0)
        guard !isInterrupted else {
            throw CampaignError(
                nil, "a task was interrupted", remedy: "run the campaign again, which goes on")
        }
        if end.signal == SIGKILL { try await Task.sleep(for: .seconds(Self.respite)) }
        guard !errors.isEmpty else { return }
        // What a task complains of while there is no space may be nothing else.
        if errors.contains(WriteError(path: "", code: ENOSPC).reason) || freeSpace < Self.leastSpace {
            throw WriteError(path: lock.folder, code: ENOSPC)
        }
    }

    /// Bytes; pictures and tables of a task take no more.
    private static let leastSpace = 16 << 20

    /// Bytes that are free where tasks work; where the system does not say, enough.
    private var freeSpace: Int {
        var status = statvfs()
        guard statvfs(lock.folder, &status) == 0 else { return .max }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Through a handle: `FileManager` keeps 4 kB of memory for each empty file, and most tasks print no error.
    private func content(_ path: String) throws -> Data {
        do {
            return try FileHandle(forReadingFrom: URL(filePath: path)).readToEnd() ?? Data()
        } catch {
            throw CampaignError(
                path, "what a task printed cannot be read",
                remedy: "check the disk and run the campaign again"
            )
        }
    }

    private func text(_ path: String) throws -> String { String(decoding: try content(path), as: UTF8.self) }
}
