import Foundation
import GRDB

/// Shards of one campaign in one store.
package struct CampaignMerge: Sendable {
    package var stores: [String]
    package var target: String

    package init(_ stores: [String], into target: String) {
        (self.stores, self.target) = (stores, target)
    }

    /// The result stands in the target's place when it is whole; an older one of the same campaign is replaced.
    ///
    /// - Throws: `CampaignError` where the stores are of different campaigns or contradict each other.
    /// - Returns: how many of the campaign's tasks are in it, by state.
    package func run() throws -> (identity: CampaignIdentity, counts: [TaskState: Int]) {
        let sources = try stores.map { try CampaignStore(path: $0) }
        let identity = try commonIdentity(sources)
        try checkTarget(identity)
        let temporary = target + ".merging-" + UUID().uuidString
        defer { for end in ["", "-journal"] { unlink(temporary + end) } }
        let merged = try CampaignStore(path: temporary, isNew: true)
        _ = try merged.adopt(identity)
        var holders: [Int: [CampaignStore]] = [:]
        for source in sources {
            for index in try source.indices() { holders[index, default: []].append(source) }
        }
        try merged.copy(
            try holders.sorted { $0.key < $1.key }.map { (index: $0.key, source: try best($0.key, $0.value)) }
        )
        let counts = try merged.counts()
        guard rename(temporary, target) == 0 else {
            throw CampaignError(
                target, "cannot be written: \(String(cString: strerror(errno)))", remedy: "name another place"
            )
        }
        return (identity, counts)
    }

    private func commonIdentity(_ sources: [CampaignStore]) throws -> CampaignIdentity {
        guard let first = sources.first else {
            throw CampaignError(nil, "no store is named", remedy: "name the shards' stores")
        }
        let identity = try first.identity()
        for source in sources.dropFirst() {
            let other = try source.identity()
            guard other == identity else {
                let what = other.digest == identity.digest ? "version" : "campaign"
                throw CampaignError(
                    source.path, "is of another \(what) than \(first.path)",
                    remedy: "merge shards of one campaign, run by one version")
            }
        }
        return identity
    }

    private func checkTarget(_ identity: CampaignIdentity) throws {
        guard FileManager.default.fileExists(atPath: target) else { return }
        guard !stores.contains(where: { InputPath.isSame($0, target) }) else {
            throw CampaignError(target, "is one of the stores that are merged", remedy: "name another file")
        }
        guard try CampaignStore(path: target).identity().digest == identity.digest else {
            throw CampaignError(target, "is the store of another campaign", remedy: "name another file")
        }
    }

    /// The store that knows most of a task.
    private func best(_ index: Int, _ stores: [CampaignStore]) throws -> CampaignStore {
        var best: (store: CampaignStore, task: StoredTask)?
        for store in stores {
            guard let task = try store.task(index) else { continue }
            guard let known = best else {
                best = (store, task)
                continue
            }
            guard known.task.inputs == task.inputs else {
                throw CampaignError(
                    store.path, "task \(index) (\(task.name)) read other inputs than in \(known.store.path)",
                    remedy: "the inputs were changed between the shards: run one of them again in a new store"
                )
            }
            if known.task.state.isSettled && task.state.isSettled {
                try compare(index, known.store, known.task, store, task)
            } else if rank(task.state) > rank(known.task.state) {
                best = (store, task)
            }
        }
        guard let best else { throw CampaignError(nil, "task \(index) is gone", remedy: "merge again") }
        return best.store
    }

    private func rank(_ state: TaskState) -> Int { state.isSettled ? 2 : state == .failed ? 1 : 0 }

    private func compare(
        _ index: Int, _ a: CampaignStore, _ first: StoredTask, _ b: CampaignStore, _ second: StoredTask
    ) throws {
        guard first.state == second.state, try a.output(index) == b.output(index),
            try a.files(index) == b.files(index)
        else {
            throw CampaignError(
                b.path, "contradicts \(a.path) on task \(index) (\(first.name))",
                remedy: "leave one of the two out")
        }
    }
}

extension CampaignStore {
    /// All or nothing. What is in work elsewhere is to be done here.
    fileprivate func copy(_ tasks: [(index: Int, source: CampaignStore)]) throws {
        try write { database in
            for (index, source) in tasks { try Self.copy(index, from: source, into: database) }
            try database.execute(
                sql: "UPDATE task SET state = 'pending', runner = NULL WHERE state = 'running'")
        }
    }

    private static func copy(_ index: Int, from source: CampaignStore, into database: Database) throws {
        for table in ["task", "input", "file"] {
            let rows = try source.read {
                try Row.fetchAll(
                    $0, sql: "SELECT * FROM \(table) WHERE ordinal = ? ORDER BY 2", arguments: [index])
            }
            for row in rows {
                let marks = repeatElement("?", count: row.count).joined(separator: ", ")
                try database.execute(
                    sql: "INSERT INTO \(table) VALUES (\(marks))",
                    arguments: StatementArguments(row.databaseValues))
            }
        }
    }
}
