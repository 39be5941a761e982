import Foundation
import GRDB

/// How a store's SQLite file is opened, and what SQLite says of it in the words of an error.
///
/// What a store writes at once is one transaction: a process that is killed loses the work in hand and nothing else.
package enum StoreFile {
    /// How a transaction reaches the disk.
    package enum Journal: String, Sendable {
        /// Written ahead; a power cut loses nothing.
        case ahead = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"
        /// Written ahead; a power cut may lose the last transactions.
        case aheadInGroups = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"
        /// Rolled back: a store on a cluster's file system is read from another machine than the one that writes it, which a
        /// write-ahead log does not allow.
        case rolledBack = "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL"
    }

    /// - Parameters:
    ///   - path: made where it is not there; nil keeps everything in memory.
    ///   - patience: seconds that another process may hold the file.
    package static func open(_ path: String?, journal: Journal, patience: Double) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        guard let path else { return try DatabaseQueue(configuration: configuration) }
        configuration.prepareDatabase { try $0.execute(sql: journal.rawValue) }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// - Parameters:
    ///   - kind: what the file ought to be: `study's store`.
    ///   - resumption: how the work goes on: `go on with --resume`.
    ///   - patience: seconds that were waited.
    package static func explanation(
        of error: any Error, kind: String = "store", resumption: String, patience: Double
    ) -> (problem: String, remedy: String) {
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            (
                "another process has held it for \(Int(patience)) s",
                "end that one, or name another store, and \(resumption)"
            )
        case .SQLITE_FULL, .SQLITE_IOERR:
            ("the disk is full or cannot be written", "free some space and \(resumption)")
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM:
            ("cannot be opened for writing", "check that the folder is there and writable")
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: ("is no \(kind), or a damaged one", "name another file")
        default: ("cannot be used as a \(kind) (\(error))", "name another file")
        }
    }
}
