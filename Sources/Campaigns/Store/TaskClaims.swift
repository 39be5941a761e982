import Foundation
import GRDB

/// Who does what: a task is claimed in one transaction, and its result is taken from the one who holds it only.
extension CampaignStore {
    private static let inShard = "ordinal % ? = ?"

    private static func arguments(_ shard: CampaignShard) -> StatementArguments {
        [shard.count, shard.number - 1]
    }

    /// Writes tasks with the digests of what they read; those that are there stay as they are.
    func enrol(_ tasks: [(task: CampaignTask, inputs: [TaskFile])]) throws {
        try write { database in
            for (task, inputs) in tasks {
                let words = String(decoding: try JSONEncoder().encode(task.words), as: UTF8.self)
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO task (ordinal, name, command, words, seed, state)
                        VALUES (?, ?, ?, ?, ?, 'pending')
                        """,
                    arguments: [task.index, task.name, task.command.rawValue, words, task.seed])
                guard database.changesCount > 0 else { continue }
                for input in inputs {
                    try database.execute(
                        sql: "INSERT INTO input VALUES (?, ?, ?, ?)",
                        arguments: [task.index, input.path, input.sha256, input.bytes])
                }
            }
        }
    }

    /// The digests of what the enrolled tasks read when they were enrolled, by task and path.
    func inputs(_ shard: CampaignShard) throws -> [Int: [String: String]] {
        try read { database in
            var result: [Int: [String: String]] = [:]
            // A task that reads nothing is there too.
            let tasks = try Int.fetchAll(
                database, sql: "SELECT ordinal FROM task WHERE \(Self.inShard)",
                arguments: Self.arguments(shard))
            for task in tasks { result[task] = [:] }
            let rows = try Row.fetchCursor(
                database, sql: "SELECT ordinal, path, sha256 FROM input WHERE \(Self.inShard)",
                arguments: Self.arguments(shard))
            while let row = try rows.next() {
                result[row["ordinal"], default: [:]][row["path"]] = row["sha256"]
            }
            return result
        }
    }

    /// The digests of what a task read when it was enrolled, by path.
    func inputs(of index: Int) throws -> [String: String] {
        try read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT path, sha256 FROM input WHERE ordinal = ?", arguments: [index])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["path"], $0["sha256"]) })
        }
    }

    /// The next task that nobody has, now the runner's; nil where there is none.
    func claim(_ shard: CampaignShard, runner: String) throws -> Int? {
        try write { database in
            let next = try Int.fetchOne(
                database,
                sql: """
                    SELECT ordinal FROM task WHERE state = 'pending' AND \(Self.inShard)
                    ORDER BY ordinal LIMIT 1
                    """, arguments: Self.arguments(shard))
            guard let next else { return nil }
            try database.execute(
                sql: """
                    UPDATE task SET state = 'running', runner = ?, attempts = attempts + 1 WHERE ordinal = ?
                    """, arguments: [runner, next])
            return next
        }
    }

    /// - Returns: false where the task is no longer the runner's; nothing is written then.
    func settle(_ index: Int, _ outcome: TaskOutcome, runner: String, version: String) throws -> Bool {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE task SET state = ?, runner = NULL, status = ?, signal = ?, output = ?, errors = ?,
                      version = ?, seconds = ?, processor = ?, memory = ?, host = ?
                    WHERE ordinal = ? AND state = 'running' AND runner = ?
                    """,
                arguments: [
                    outcome.state.rawValue, outcome.status, outcome.signal, Data(outcome.output),
                    outcome.errors, version, outcome.cost.seconds, outcome.cost.processorSeconds,
                    outcome.cost.memory, outcome.cost.host, index, runner,
                ])
            guard database.changesCount == 1 else { return false }
            try Self.replaceFiles(of: index, outcome.files, database)
            return true
        }
    }

    static func replaceFiles(
        of index: Int, _ files: [(path: String, content: [UInt8])], _ database: Database
    ) throws {
        try database.execute(sql: "DELETE FROM file WHERE ordinal = ?", arguments: [index])
        for (path, content) in files {
            try database.execute(
                sql: "INSERT INTO file VALUES (?, ?, ?, ?)",
                arguments: [index, path, InputDigest.hex(content), Data(content)])
        }
    }

    /// Gives back what a runner holds.
    func release(runner: String) throws {
        try write {
            try $0.execute(
                sql: """
                    UPDATE task SET state = 'pending', runner = NULL WHERE state = 'running' AND runner = ?
                    """, arguments: [runner])
        }
    }

    /// Those who hold tasks in work.
    func runners(_ shard: CampaignShard = .whole) throws -> [String] {
        try read {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT DISTINCT runner FROM task WHERE state = 'running' AND \(Self.inShard)
                    """, arguments: Self.arguments(shard))
        }
    }

    /// Those who hold tasks in work, and how many each.
    func holdings() throws -> [String: Int] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT runner, count(*) AS n FROM task WHERE state = 'running' GROUP BY runner")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["runner"], $0["n"]) })
        }
    }

    /// Puts what failed among what is to be done.
    ///
    /// - Returns: how many.
    func retryFailed(_ shard: CampaignShard) throws -> Int {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE task SET state = 'pending', status = NULL, signal = NULL, output = NULL, errors = NULL
                    WHERE state = 'failed' AND \(Self.inShard)
                    """,
                arguments: Self.arguments(shard))
            return database.changesCount
        }
    }

    /// How many tasks stand how.
    package func counts(_ shard: CampaignShard = .whole) throws -> [TaskState: Int] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT state, count(*) AS n FROM task WHERE \(Self.inShard) GROUP BY state",
                arguments: Self.arguments(shard))
            var result: [TaskState: Int] = [:]
            for row in rows {
                if let state = TaskState(rawValue: row["state"]) { result[state] = row["n"] }
            }
            return result
        }
    }
}
