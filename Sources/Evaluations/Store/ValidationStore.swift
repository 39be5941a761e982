import Crystallography
import ExplainedErrors
import Foundation
import GRDB
import Stores

/// Verdicts, structures, likenesses and energies of sets, in an SQLite file or in memory.
///
/// Every finished record is one transaction, with what is asked of it without reading it (`RecordHeading`,
/// `RecordProfile`) beside its content; likenesses come some at a time: a process that is killed loses what is in work
/// and nothing else.
package final class ValidationStore: Sendable {
    /// nil in memory.
    package let path: String?
    let queue: DatabaseQueue
    private let patience: Double
    private static let format = "wyckoff validate 2"

    /// - Parameters:
    ///   - path: made where it is not there; nil keeps everything in memory.
    ///   - resumes: whether one that holds records already may be gone on with.
    ///   - patience: seconds that another process may hold the file; a record is written in milliseconds.
    /// - Throws: `ValidationStoreError`.
    package init(path: String?, resumes: Bool = false, patience: Double = 60) throws {
        (self.path, self.patience) = (path, patience)
        let name = path ?? "memory"
        do {
            queue = try StoreFile.open(path, journal: .aheadInGroups, patience: patience)
            try queue.write { try Self.prepare($0, name: name, resumes: resumes) }
        } catch let error as ValidationStoreError {
            throw error
        } catch {
            throw ValidationStoreError(place: name, error, patience: patience)
        }
    }

    private static func prepare(_ database: Database, name: String, resumes: Bool) throws {
        if try database.tableExists("meta") {
            let format = try String.fetchOne(database, sql: "SELECT value FROM meta WHERE key = 'format'")
            guard format == Self.format else {
                throw ValidationStoreError(
                    place: name, reason: "was made by another version (\(format ?? "unknown"))",
                    remedy: "name another file")
            }
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM record") ?? 0
            guard count == 0 || resumes else {
                throw ValidationStoreError(
                    place: name, reason: "holds \(count) records already",
                    remedy: "add --resume or name a new file")
            }
            return
        }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard tables == 0 else {
            throw ValidationStoreError(
                place: name, reason: "is a database of something else", remedy: "name another file")
        }
        try database.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
                CREATE TABLE source (
                  id INTEGER PRIMARY KEY, path TEXT NOT NULL, digest TEXT NOT NULL, choices TEXT NOT NULL,
                  records INTEGER, UNIQUE (digest, choices));
                CREATE TABLE record (
                  source INTEGER, ordinal INTEGER, composition TEXT, elements TEXT, file TEXT NOT NULL,
                  place INTEGER NOT NULL, name TEXT, claimed INTEGER, spaceGroup INTEGER, density REAL,
                  degreesOfFreedom INTEGER, atoms INTEGER, PRIMARY KEY (source, ordinal)) WITHOUT ROWID;
                CREATE INDEX recordOfComposition ON record (source, composition);
                CREATE TABLE content (
                  source INTEGER, ordinal INTEGER, verdict BLOB NOT NULL, structure BLOB,
                  PRIMARY KEY (source, ordinal));
                CREATE TABLE likeness (
                  question TEXT, source INTEGER, ordinal INTEGER, partnerSource INTEGER, partner INTEGER,
                  rms REAL, largest REAL, PRIMARY KEY (question, source, ordinal)) WITHOUT ROWID;
                CREATE TABLE energy (
                  source INTEGER, ordinal INTEGER, method TEXT, energy REAL, note TEXT,
                  PRIMARY KEY (source, ordinal, method));
                """)
        try database.execute(sql: "INSERT INTO meta VALUES ('format', ?)", arguments: [Self.format])
    }

    func read<T>(_ body: (Database) throws -> T) throws -> T { try access { try queue.read(body) } }

    func write<T>(_ body: (Database) throws -> T) throws -> T { try access { try queue.write(body) } }

    private func access<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw ValidationStoreError(place: path ?? "memory", error, patience: patience)
        }
    }

    /// A set in the store, found again by its content and by what was asked of it.
    ///
    /// - Parameters:
    ///   - digest: of the content.
    ///   - choices: everything that decides the verdicts.
    func source(path: String, digest: String, choices: String) throws -> StoredSource {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO source (path, digest, choices) VALUES (?, ?, ?)",
                arguments: [path, digest, choices])
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM source WHERE digest = ? AND choices = ?",
                arguments: [digest, choices])
            return StoredSource(id: id ?? 0, path: path)
        }
    }

    /// How many records the set has; nil where it was not read to its end.
    func size(of source: StoredSource) throws -> Int? {
        try read {
            try Int.fetchOne($0, sql: "SELECT records FROM source WHERE id = ?", arguments: [source.id])
        }
    }

    func setSize(of source: StoredSource, _ count: Int) throws {
        try write {
            try $0.execute(
                sql: "UPDATE source SET records = ? WHERE id = ?", arguments: [count, source.id])
        }
    }
}

/// A set that is in a store.
package struct StoredSource: Sendable, Hashable {
    package var id: Int64
    /// As it was given.
    package var path: String
}

/// Why a store cannot be used; one line.
package struct ValidationStoreError: ExplainedError, Hashable {
    package let place: String
    package let reason: String
    package let remedy: String

    init(place: String, reason: String, remedy: String) {
        (self.place, self.reason, self.remedy) = (place, reason, remedy)
    }

    init(place: String, _ error: any Error, patience: Double) {
        let (reason, remedy) = StoreFile.explanation(
            of: error, resumption: "go on with --resume", patience: patience)
        self.init(place: place, reason: reason, remedy: remedy)
    }

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation { Explanation(reason, remedy: remedy, place: place) }
}
