import Foundation
import GRDB
import Stores
import Testing

/// One way to open a store, one wording of what SQLite refuses.
@Suite struct StoreFileTests {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func explained(_ body: () throws -> Void) -> (problem: String, remedy: String)? {
        do {
            try body()
            return nil
        } catch {
            return StoreFile.explanation(of: error, resumption: "go on", patience: 1)
        }
    }

    @Test("The journal is the one that was asked for, and what was written is there again")
    func journals() throws {
        try inFolder { folder in
            for (journal, mode) in [
                (StoreFile.Journal.ahead, "wal"), (.aheadInGroups, "wal"), (.rolledBack, "truncate"),
            ] {
                let path = "\(folder)/\(mode)-\(journal).sqlite"
                let store = try StoreFile.open(path, journal: journal, patience: 1)
                try store.write { try $0.execute(sql: "CREATE TABLE t (x); INSERT INTO t VALUES (3)") }
                #expect(try store.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == mode)
                try store.close()
                let again = try StoreFile.open(path, journal: journal, patience: 1)
                #expect(try again.read { try Int.fetchOne($0, sql: "SELECT x FROM t") } == 3)
            }
        }
        let memory = try StoreFile.open(nil, journal: .aheadInGroups, patience: 1)
        #expect(try memory.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") } == 0)
    }

    @Test("A file of something else, a missing folder and a file that is held are told apart")
    func refusals() throws {
        try inFolder { folder in
            let text = folder + "/text.sqlite"
            try Data(String(repeating: "no database ", count: 200).utf8).write(to: URL(fileURLWithPath: text))
            #expect(
                explained { _ = try StoreFile.open(text, journal: .ahead, patience: 1) }?.problem
                    == "is no store, or a damaged one")
            let nowhere = explained { _ = try StoreFile.open(folder + "/a/b", journal: .ahead, patience: 1) }
            #expect(nowhere?.problem == "cannot be opened for writing")
            let path = folder + "/held.sqlite"
            let holder = try StoreFile.open(path, journal: .rolledBack, patience: 1)
            try holder.write { try $0.execute(sql: "CREATE TABLE t (x)") }
            var held: (problem: String, remedy: String)?
            try holder.inTransaction(.exclusive) { _ in
                held = explained {
                    let other = try StoreFile.open(path, journal: .rolledBack, patience: 0.05)
                    try other.write { try $0.execute(sql: "INSERT INTO t VALUES (1)") }
                }
                return .rollback
            }
            #expect(held?.problem == "another process has held it for 1 s")
            #expect(held?.remedy == "end that one, or name another store, and go on")
        }
    }
}
