import Foundation
import GRDB
import Stores

/// Tasks with their inputs, states and results in an SQLite file.
///
/// What happens to a task is one short transaction: a process that is killed loses the task in work and nothing else.
package final class CampaignStore: Sendable {
    package let path: String
    private let queue: DatabaseQueue
    private let patience: Double
    private static let format = "wyckoff campaign 1"

    /// - Parameters:
    ///   - isNew: whether it may be made; without, one that is not there is an error.
    ///   - patience: seconds that other processes may hold the file, milliseconds each.
    /// - Throws: `CampaignError`.
    package init(path: String, isNew: Bool = false, patience: Double = 120) throws {
        (self.path, self.patience) = (path, patience)
        guard isNew || FileManager.default.fileExists(atPath: path) else {
            throw CampaignError(path, "no store is there", remedy: "make it with wyckoff campaign run")
        }
        do {
            queue = try StoreFile.open(path, journal: .rolledBack, patience: patience)
            try queue.write { try Self.prepare($0, path, isNew: isNew) }
        } catch let error as CampaignError {
            throw error
        } catch {
            throw CampaignError(store: path, error, patience: patience)
        }
    }

    private static func prepare(_ database: Database, _ path: String, isNew: Bool) throws {
        if try database.tableExists("meta") {
            let format = try String.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'format'")
            guard format == Self.format else {
                throw CampaignError(
                    path, "is no campaign's store (\(format ?? "of something else"))",
                    remedy: "name another file")
            }
            return
        }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard tables == 0, isNew else {
            throw CampaignError(path, "is no campaign's store", remedy: "name another file")
        }
        try database.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
                CREATE TABLE task (
                  ordinal INTEGER PRIMARY KEY, name TEXT NOT NULL, command TEXT NOT NULL, words TEXT NOT NULL,
                  seed TEXT, state TEXT NOT NULL, runner TEXT, status INTEGER, signal INTEGER, output BLOB,
                  errors TEXT, version TEXT, seconds REAL, processor REAL, memory INTEGER, host TEXT,
                  attempts INTEGER NOT NULL DEFAULT 0);
                CREATE INDEX task_state ON task (state, ordinal);
                CREATE TABLE input (
                  ordinal INTEGER, path TEXT, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
                  PRIMARY KEY (ordinal, path));
                CREATE TABLE file (
                  ordinal INTEGER, path TEXT, sha256 TEXT NOT NULL, content BLOB NOT NULL,
                  PRIMARY KEY (ordinal, path));
                """)
        try database.execute(sql: "INSERT INTO meta VALUES ('format', ?)", arguments: [Self.format])
    }

    func read<T>(_ body: (Database) throws -> T) throws -> T { try access { try queue.read(body) } }

    func write<T>(_ body: (Database) throws -> T) throws -> T { try access { try queue.write(body) } }

    private func access<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw CampaignError(store: path, error, patience: patience)
        }
    }

    /// What the whole campaign is.
    package func identity() throws -> CampaignIdentity {
        try read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT key, value FROM meta")
            let meta = Dictionary(
                uniqueKeysWithValues: rows.map { ($0["key"] as String, $0["value"] as String) })
            return CampaignIdentity(
                digest: meta["identity"] ?? "", tasks: meta["tasks"].flatMap { Int($0) } ?? 0,
                version: meta["version"] ?? "")
        }
    }

    /// Makes it the store of this campaign where it is of none.
    ///
    /// - Returns: what it is.
    func adopt(_ identity: CampaignIdentity) throws -> CampaignIdentity {
        try write { database in
            for (key, value) in [
                ("identity", identity.digest), ("tasks", String(identity.tasks)),
                ("version", identity.version),
            ] {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO meta VALUES (?, ?)", arguments: [key, value])
            }
        }
        return try self.identity()
    }
}

/// What makes a campaign this one: shards of one campaign have the same.
package struct CampaignIdentity: Sendable, Hashable {
    /// Of every task's command, options and inputs' names.
    package var digest: String
    /// How many tasks it has, in all its shards.
    package var tasks: Int
    /// Of the program that began it.
    package var version: String
}

extension CampaignError {
    /// - Parameter patience: seconds that were waited.
    init(store: String, _ error: any Error, patience: Double) {
        let (problem, remedy) = StoreFile.explanation(
            of: error, resumption: "run the campaign again, which goes on", patience: patience)
        self.init(store, problem, remedy: remedy)
    }
}
