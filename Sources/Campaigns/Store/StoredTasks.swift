import Foundation
import GRDB

/// What a store tells of its tasks.
extension CampaignStore {
    /// In the campaign's order.
    package func indices() throws -> [Int] {
        try read { try Int.fetchAll($0, sql: "SELECT ordinal FROM task ORDER BY ordinal") }
    }

    /// Those that stand so.
    package func indices(_ state: TaskState) throws -> [Int] {
        try read {
            try Int.fetchAll(
                $0, sql: "SELECT ordinal FROM task WHERE state = ? ORDER BY ordinal",
                arguments: [state.rawValue])
        }
    }

    package func task(_ index: Int) throws -> StoredTask? {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT ordinal, name, command, words, seed, state, status, signal, errors, version, seconds,
                      processor, memory, host, attempts FROM task WHERE ordinal = ?
                    """, arguments: [index])
            guard let row else { return nil }
            let inputs = try Row.fetchAll(
                database, sql: "SELECT path, sha256, bytes FROM input WHERE ordinal = ? ORDER BY path",
                arguments: [index])
            return try Self.task(row, inputs)
        }
    }

    private static func task(_ row: Row, _ inputs: [Row]) throws -> StoredTask {
        let words: String = row["words"]
        let state: String = row["state"]
        return StoredTask(
            index: row["ordinal"], name: row["name"], command: row["command"],
            words: try JSONDecoder().decode([String].self, from: Data(words.utf8)), seed: row["seed"],
            state: TaskState(rawValue: state) ?? .pending, status: row["status"], signal: row["signal"],
            errors: row["errors"] ?? "", version: row["version"],
            inputs: inputs.map {
                TaskFile(path: $0["path"], sha256: $0["sha256"], bytes: $0["bytes"])
            },
            cost: TaskCost(
                seconds: row["seconds"] ?? 0, processorSeconds: row["processor"] ?? 0,
                memory: row["memory"] ?? 0, host: row["host"] ?? "", attempts: row["attempts"]))
    }

    /// What a task printed on standard output.
    package func output(_ index: Int) throws -> [UInt8] {
        try read {
            [UInt8](
                try Data.fetchOne(
                    $0, sql: "SELECT output FROM task WHERE ordinal = ?", arguments: [index]) ?? Data())
        }
    }

    /// What a task wrote, by path.
    package func files(_ index: Int) throws -> [TaskFile] {
        try read {
            try Row.fetchAll(
                $0,
                sql: """
                    SELECT path, sha256, length(content) AS bytes FROM file WHERE ordinal = ? ORDER BY path
                    """, arguments: [index]
            ).map { TaskFile(path: $0["path"], sha256: $0["sha256"], bytes: $0["bytes"]) }
        }
    }

    package func content(_ path: String, of index: Int) throws -> [UInt8] {
        try read {
            [UInt8](
                try Data.fetchOne(
                    $0, sql: "SELECT content FROM file WHERE ordinal = ? AND path = ?",
                    arguments: [index, path]) ?? Data())
        }
    }
}
