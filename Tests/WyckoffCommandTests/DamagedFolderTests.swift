import Foundation
import Testing

/// A folder with damaged files in it validates to the end, with a reason for each of them and for no other.
@Suite(
    "wyckoff validate over a damaged folder", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct DamagedFolderTests {
    private struct Row: Decodable {
        struct Summary: Decodable {
            let records: Int
            let failed: Int
        }
        let file: String?
        let passed: Bool?
        let reason: String?
        let summary: Summary?
    }

    @Test("every damaged file has its reason, every sound one passes")
    func folder() throws {
        let isWhole = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] != nil
        let (count, damaged) = isWhole ? (1000, 100) : (200, DamagedFiles.kinds.count)
        try CommandRun.inFolder { folder in
            let set = folder.appendingPathComponent("set")
            try FileManager.default.createDirectory(at: set, withIntermediateDirectories: true)
            let files = try DamagedFiles(count: count, damaged: damaged, seed: 15, in: set)
            let began = Date()
            let run = try CommandRun(["validate", "set", "--json", "--quiet"], in: folder)
            #expect(Date().timeIntervalSince(began) < 120)
            #expect(run.status == 1, "\(run.errors)")
            let rows = try run.output.split(separator: "\n").map {
                try JSONDecoder().decode(Row.self, from: Data($0.utf8))
            }
            let summary = try #require(rows.last?.summary)
            let records = rows.dropLast()
            #expect(summary.records == count && records.count == count)
            let failed = records.filter { $0.passed == false }
            let names = Set(failed.compactMap { $0.file.map { URL(fileURLWithPath: $0).lastPathComponent } })
            #expect(files.names.subtracting(names).sorted() == [], "damaged, and passed")
            #expect(names.subtracting(files.names).sorted() == [], "sound, and failed")
            #expect(summary.failed == damaged)
            for row in failed {
                let reason = row.reason ?? ""
                #expect(!reason.isEmpty && !reason.contains("\n"), "\(row.file ?? "")")
            }
        }
    }

    /// What ends one record must not end a command that reads one file.
    @Test("every other command answers a damaged file with one line and exit status 2")
    func commands() throws {
        try CommandRun.inFolder { folder in
            var random = DamagedFiles.SystemSeeded(state: 4)
            for kind in DamagedFiles.kinds {
                let name = "\(kind.name).\(kind.suffix)"
                try kind.content(&random).write(to: folder.appendingPathComponent(name))
                let run = try CommandRun(["symmetry", name], in: folder)
                #expect(
                    run.status == 0 || run.status == 2, "\(name): \(run.status) \(run.errors.prefix(400))")
                if run.status == 2 {
                    #expect(run.errors.hasPrefix("error: "), "\(name): \(run.errors.prefix(400))")
                    #expect(run.output.isEmpty)
                }
            }
        }
    }
}
