import Campaigns
import Foundation
import GRDB
import Testing

/// Campaigns whose program is one of the system's: what it prints stands for a result. Reaches `RunnerLock`.
@Suite struct CampaignMergeTests {
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "campaign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }

    private func manifest(_ folder: String, count: Int = 4) throws -> CampaignManifest {
        let files = try (0..<count).map { k in
            let path = "\(folder)/f\(k)"
            try Data("\(k)".utf8).write(to: URL(fileURLWithPath: path))
            return path
        }
        return try ManifestReading(
            grammars: [.validate: CommandGrammar(options: [])], command: .validate, check: { _, _ in }
        ).read(files)
    }

    private func run(
        _ manifest: CampaignManifest, _ store: String, program: String = "/bin/echo", version: String = "1"
    ) async throws -> [TaskState: Int] {
        var run = CampaignRun(manifest, store: store, program: program, version: version)
        run.jobs = 2
        return try await run.run { _, _, _ in }
    }

    @Test("Two results of one task that differ are refused, the task named")
    func contradiction() async throws {
        try await inFolder { folder in
            let manifest = try manifest(folder)
            #expect(try await run(manifest, folder + "/a") == [.done: 4])
            #expect(try await run(manifest, folder + "/b", program: "/bin/true") == [.done: 4])
            let error = #expect(throws: CampaignError.self) {
                try CampaignMerge([folder + "/a", folder + "/b"], into: folder + "/c").run()
            }
            #expect(error?.description.contains("contradicts \(folder)/a on task 0 (f0)") == true)
            #expect(!FileManager.default.fileExists(atPath: folder + "/c"))
        }
    }

    @Test("What is done goes before what failed, whichever is named first")
    func rank() async throws {
        try await inFolder { folder in
            let manifest = try manifest(folder)
            _ = try await run(manifest, folder + "/a")
            // Exit status 1 is an answer; a status above 1 is a failure.
            try await DatabaseQueue(path: folder + "/a").write {
                try $0.execute(sql: "UPDATE task SET state = 'failed', status = 3 WHERE ordinal < 2")
            }
            _ = try await run(manifest, folder + "/b")
            for order in [["/a", "/b"], ["/b", "/a"]] {
                let merged = try CampaignMerge(order.map { folder + $0 }, into: folder + "/c").run()
                #expect(merged.counts == [.done: 4])
            }
        }
    }

    @Test("Stores of different campaigns or versions do not merge")
    func strangers() async throws {
        try await inFolder { folder in
            _ = try await run(try manifest(folder), folder + "/a")
            _ = try await run(try manifest(folder, count: 3), folder + "/b")
            _ = try await run(try manifest(folder), folder + "/c", version: "2")
            for (other, word) in [("/b", "campaign"), ("/c", "version")] {
                let error = #expect(throws: CampaignError.self) {
                    try CampaignMerge([folder + "/a", folder + other], into: folder + "/d").run()
                }
                #expect(error?.description.contains("is of another \(word)") == true)
            }
        }
    }

    @Test("A task that a process held which is gone is done, whatever the clock says")
    func orphans() async throws {
        try await inFolder { folder in
            let manifest = try manifest(folder)
            _ = try await run(manifest, folder + "/a")
            try await DatabaseQueue(path: folder + "/a").write {
                try $0.execute(
                    sql: "UPDATE task SET state = 'running', runner = 'here:1:gone' WHERE ordinal = 2")
            }
            #expect(
                try CampaignStore(path: folder + "/a").standing() == [.done: 3, .pending: 1, .running: 0])
            #expect(try await run(manifest, folder + "/a") == [.done: 4])
        }
    }

    @Test("A store of another version, or none, is refused with a remedy")
    func versions() async throws {
        try await inFolder { folder in
            let manifest = try manifest(folder)
            _ = try await run(manifest, folder + "/a")
            await #expect(throws: CampaignError.self) {
                try await run(manifest, folder + "/a", version: "2")
            }
            try await DatabaseQueue(path: folder + "/b").write { try $0.execute(sql: "CREATE TABLE x (y)") }
            await #expect(throws: CampaignError.self) { try await run(manifest, folder + "/b") }
            #expect(throws: CampaignError.self) { try CampaignStore(path: folder + "/none") }
        }
    }
}
