import Campaigns
import Foundation
import Testing

/// Campaigns whose program is a shell script: how a task ends, and what becomes of it. Reaches `TaskWorker`, `TaskFolder`.
@Suite struct CampaignRunTests {
    /// The script begins in the task's folder.
    private func run<R>(
        _ script: String, jobs: Int = 1, _ body: (CampaignRun, String) async throws -> R
    ) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "campaign-\(UUID().uuidString)")
        let inputs = folder.appendingPathComponent("in/deep")
        try FileManager.default.createDirectory(at: inputs, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for k in 0..<3 { try Data("\(k)".utf8).write(to: inputs.appendingPathComponent("f\(k)")) }
        var rows = ["command,file"]
        for k in 0..<3 { rows.append("validate,in/deep/f\(k)") }
        let table = folder.appendingPathComponent("tasks.csv")
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: table)
        let program = folder.appendingPathComponent("program")
        let text = "#!/bin/sh\ncd \"$\(TaskProcess.variable)\"\n\(script)\n"
        try Data(text.utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        let manifest = try ManifestReading(
            grammars: [.validate: CommandGrammar(options: [])], check: { _, _ in }
        ).read([table.path])
        let store = folder.appendingPathComponent("s.sqlite").path
        var run = CampaignRun(manifest, store: store, program: program.path, version: "1")
        run.jobs = jobs
        return try await body(run, store)
    }

    @Test("A task reads what is lent to it under its own name; what it writes is kept, and nothing else")
    func files() async throws {
        try await run("mkdir -p out/in; cat \"$2\" > out/in/copy; echo x > top; ln -s top link") {
            run, store in
            #expect(try await run.run { _, _, _ in } == [.done: 3])
            let kept = try CampaignStore(path: store)
            for index in 0..<3 {
                #expect(try kept.files(index).map(\.path) == ["out/in/copy", "top"])
                #expect(try kept.content("out/in/copy", of: index) == Array("\(index)".utf8))
                let input = try #require(try kept.task(index)?.inputs.first)
                #expect(input.path == "in/deep/f\(index)" && input.bytes == 1)
            }
            #expect(!FileManager.default.fileExists(atPath: store + ".work"))
        }
    }

    @Test("A folder is lent with its files, one of which may be lent alone too, and none of them is a result")
    func folders() async throws {
        try await run("cat in/deep/f* > seen; rm in/deep/f0") { run, store in
            let table = (store as NSString).deletingLastPathComponent + "/tasks.csv"
            try Data("command,file,file\nvalidate,in/deep/f1,in\n".utf8).write(
                to: URL(fileURLWithPath: table))
            var folder = run
            folder.manifest = try ManifestReading(
                grammars: [.validate: CommandGrammar(options: [])], check: { _, _ in }
            ).read([table])
            let counts = try await folder.run { _, _, _ in }
            #expect(counts == [.done: 1])
            let kept = try CampaignStore(path: store)
            #expect(try kept.files(0).map(\.path) == ["seen"])
            #expect(try kept.content("seen", of: 0) == Array("012".utf8))
            // What a task removes is its own link.
            let again = try await folder.run { _, _, _ in }
            #expect(again == [.done: 1])
        }
    }

    @Test(
        "Exit status and signal say how a task stands",
        arguments: [
            ("exit 0", TaskState.done, nil), ("exit 1", .no, nil), ("exit 3", .failed, "exit status 3"),
            ("echo 'error: too dark' >&2; exit 2", .failed, "too dark"),
            ("kill -9 $$", .failed, "ended by signal 9"), ("kill -SEGV $$", .failed, "ended by signal 11"),
        ] as [(String, TaskState, String?)])
    func ends(script: String, state: TaskState, failure: String?) async throws {
        try await run(script, jobs: 3) { run, store in
            let counts = try await run.run { _, _, _ in }
            #expect(counts == [state: 3])
            let task = try CampaignStore(path: store).task(1)
            #expect(task?.failure == failure)
        }
    }

    @Test(
        "What the machine ended or had no space for has not failed: the run says so, and the next one does it",
        arguments: [
            "kill -TERM $$", "exit 130",
            "echo 'error: x: cannot be written: no space is left there; free some or name another place' >&2; exit 2",
        ])
    func interrupted(script: String) async throws {
        // The third task finds what the first run left behind.
        try await run("[ \"$2\" = in/deep/f0 ] || [ -e \"$0.again\" ] || { \(script); }") { run, store in
            await #expect(throws: (any Error).self) { try await run.run { _, _, _ in } }
            let standing = try CampaignStore(path: store).standing()
            #expect(standing[.failed] == nil && standing[.done] == 1 && standing[.pending] == 2)
            try Data().write(to: URL(fileURLWithPath: run.program + ".again"))
            #expect(try await run.run { _, _, _ in } == [.done: 3])
        }
    }

    @Test("Only what failed is done again, and its shard's alone")
    func retried() async throws {
        try await run("[ -e \"$0.again\" ] || exit $(( $(cat \"$2\") * 2 ))") { run, store in
            #expect(try await run.run { _, _, _ in } == [.done: 1, .failed: 2])
            try Data().write(to: URL(fileURLWithPath: run.program + ".again"))
            var again = run
            again.retriesFailed = true
            again.shard = try #require(CampaignShard("2/3"))
            #expect(try await again.run { _, _, _ in } == [.done: 1])
            let kept = try CampaignStore(path: store)
            #expect(try (0..<3).map { try kept.task($0)?.state } == [.done, .done, .failed])
            #expect(try (0..<3).map { try kept.task($0)?.cost.attempts } == [1, 2, 1])
        }
    }
}
