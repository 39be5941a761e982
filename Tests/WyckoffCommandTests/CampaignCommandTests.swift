import Foundation
import Testing

/// `wyckoff campaign` as it is used: killed, shared, full, changed. Reaches `CampaignJob`, `SlurmCampaign`, `SlurmProgram`,
/// `SlurmQueue`, `SlurmSubmission`.
@Suite(.serialized, .enabled(if: CommandRun.binary != nil, "the command is not built"))
struct CampaignCommandTests {
    private static func rockSalt(_ a: Double) -> String {
        """
        NaCl
        1.0
        \(a) 0 0
        0 \(a) 0
        0 0 \(a)
        Na Cl
        4 4
        Direct
        0 0 0
        0 .5 .5
        .5 0 .5
        .5 .5 0
        .5 .5 .5
        .5 0 0
        0 .5 0
        0 0 .5

        """
    }

    /// Cells whose edges rise; every seventh row expects a group that they have not, one row cannot be read. The first ones
    /// write folders with pages.
    private func write(_ count: Int, to folder: URL, scans: Int = 0, pages: Int = 0) throws {
        let place = folder.appendingPathComponent("cells")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        var rows = ["command,file,expect,along,two-theta,output"]
        for k in 0..<count {
            let text = Self.rockSalt(5.4 + 0.01 * Double(k))
            try Data(text.utf8).write(to: place.appendingPathComponent("c\(k).vasp"))
            let group = k % 7 == 3 ? 221 : 225
            rows.append("validate,cells/c\(k).vasp,\(group),,,\(k < pages ? "judged" : "")")
        }
        for k in 0..<scans { rows.append("scan,cells/c\(k).vasp,,a,20:50:0.05,") }
        try Data("not a structure\n".utf8).write(to: place.appendingPathComponent("bad.vasp"))
        rows.append("scan,cells/bad.vasp,,a,20:50:0.05,")
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(
            to: folder.appendingPathComponent("tasks.csv"))
    }

    private func run(_ line: String, in folder: URL) throws -> CommandRun {
        try CommandRun(["campaign"] + line.split(separator: " ").map(String.init), in: folder)
    }

    /// Paths and bytes below a folder, without what each run took.
    private func content(_ name: String, in folder: URL) throws -> [String: Data] {
        let root = folder.appendingPathComponent(name).path
        var result: [String: Data] = [:]
        for file in try FileManager.default.subpathsOfDirectory(atPath: root) where file != "timings.csv" {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: root + "/" + file, isDirectory: &isFolder)
            if !isFolder.boolValue { result[file] = FileManager.default.contents(atPath: root + "/" + file) }
        }
        return result
    }

    @Test("A campaign that was killed again and again exports the bytes of an undisturbed one")
    func killed() throws {
        try CommandRun.inFolder { folder in
            try write(24, to: folder, scans: 2, pages: 2)
            let whole = try run("run tasks.csv --store whole.sqlite --jobs 2 --quiet", in: folder)
            #expect(whole.status == 2 && whole.output.contains("1 failed"), "\(whole.errors)")
            for wait in ["0.2", "0.45", "0.3", "0.6"] {
                _ = try OutputTests.shell(
                    "w campaign run tasks.csv --store parts.sqlite --jobs 2 --quiet > /dev/null & p=$!; "
                        + "sleep \(wait); kill -9 $p; wait $p", in: folder)
            }
            let end = try run("run tasks.csv --store parts.sqlite --jobs 1 --quiet", in: folder)
            #expect(end.status == 2 && end.output == whole.output)
            for name in ["whole", "parts"] {
                #expect(try run("export \(name).sqlite \(name)", in: folder).status == 0)
            }
            let (a, b) = (try content("whole", in: folder), try content("parts", in: folder))
            #expect(a.count > 8 && a == b)
            #expect(
                !FileManager.default.fileExists(
                    atPath: folder.appendingPathComponent("parts.sqlite.work").path))
        }
    }

    @Test("Processes on one store do every task once between them, and none finds it locked")
    func together() throws {
        try CommandRun.inFolder { folder in
            try write(30, to: folder)
            let both = try OutputTests.shell(
                "for k in 1 2 3; do w campaign run tasks.csv --store s.sqlite --jobs 2 --quiet & done; wait",
                in: folder)
            #expect(!both.errors.contains("locked") && !both.errors.contains("error"), "\(both.errors)")
            let timings = try run("results s.sqlite --timings", in: folder)
            let rows = timings.output.split(separator: "\n").dropFirst()
            #expect(rows.count == 31)
            #expect(rows.allSatisfy { $0.split(separator: ",")[6] == "1" }, "\(timings.output)")
        }
    }

    @Test("Shards merge into the bytes of one machine, in whatever order they are named")
    func shards() throws {
        try CommandRun.inFolder { folder in
            try write(12, to: folder)
            _ = try run("run tasks.csv --store whole.sqlite --quiet", in: folder)
            for k in 1...3 {
                _ = try run("run tasks.csv --store \(k).sqlite --shard \(k)/3 --quiet", in: folder)
            }
            let part = try run("merge 3.sqlite 1.sqlite -o some.sqlite", in: folder)
            #expect(part.status == 1 && part.output.contains("to be done"))
            let merged = try run("merge 3.sqlite 1.sqlite 2.sqlite -o all.sqlite --json", in: folder)
            #expect(merged.status == 1 && merged.output.contains("\"failed\":1"))
            for name in ["whole", "all"] { _ = try run("export \(name).sqlite \(name)", in: folder) }
            #expect(try content("whole", in: folder) == content("all", in: folder))
            // A row of results for each task, in the manifest's order, with what the command printed.
            let rows = try run("results all.sqlite --json", in: folder).output.split(separator: "\n")
            #expect(rows.count == 13)
            #expect(rows[3].contains("\"index\":3,") && rows[3].contains("\"state\":\"no\",\"status\":1"))
            #expect(rows[0].contains("\"output\":[{\"") && rows[0].contains("\"passed\":true"))
            let table = try run("results all.sqlite --csv", in: folder).output.split(separator: "\n")
            #expect(table[0].contains(",output.spaceGroup.number,") && table.count == 14)
        }
    }

    @Test("A store that cannot grow is an error with status 2, and the run goes on once there is room")
    func full() throws {
        try CommandRun.inFolder { folder in
            try write(40, to: folder)
            let full = try OutputTests.shell(
                "trap '' XFSZ; ulimit -f 120; w campaign run tasks.csv --store s.sqlite --quiet", in: folder)
            #expect(full.status == 2)
            #expect(full.errors.contains("free some"), "\(full.errors)")
            let more = try run("run tasks.csv --store s.sqlite --quiet", in: folder)
            #expect(more.output.hasPrefix("34 of 41 tasks done, 6 answered no, 1 failed"), "\(more.output)")
        }
    }

    @Test("An input that has changed since is refused with a remedy, and so is another manifest")
    func changed() throws {
        try CommandRun.inFolder { folder in
            try write(4, to: folder)
            _ = try run("run tasks.csv --store s.sqlite --quiet", in: folder)
            let cell = folder.appendingPathComponent("cells/c2.vasp")
            let old = try Data(contentsOf: cell)
            try Data(Self.rockSalt(5.9).utf8).write(to: cell)
            let changed = try run("run tasks.csv --store s.sqlite --quiet", in: folder)
            #expect(changed.status == 2)
            #expect(changed.errors.contains("cells/c2.vasp: has changed since the campaign began (SHA-256 "))
            #expect(changed.errors.contains("task 2, c2); put the old file back, or begin a new store"))
            try old.write(to: cell)
            let back = try run("run tasks.csv --store s.sqlite --quiet", in: folder)
            #expect(back.output.hasPrefix("3 of 5 tasks done, 1 answered no, 1 failed"))
            let other = try run("run tasks.csv --store s.sqlite --quiet -- --tolerance 0.02", in: folder)
            #expect(other.status == 2 && other.errors.contains("was begun with another manifest"))
        }
    }

    @Test("What failed is done again when it is asked for, and alone")
    func retried() throws {
        try CommandRun.inFolder { folder in
            try write(3, to: folder)
            let first = try run("run tasks.csv --store s.sqlite --quiet", in: folder)
            #expect(first.errors.isEmpty && first.output.contains("failed: task 3 (bad): cells/bad.vasp"))
            let again = try run("run tasks.csv --store s.sqlite --quiet --retry-failed", in: folder)
            #expect(again.status == 2)
            let timings = try run("results s.sqlite --timings", in: folder).output.split(separator: "\n")
            #expect(timings.dropFirst().map { $0.split(separator: ",")[6] } == ["1", "1", "1", "2"])
            let status = try run("status s.sqlite --json", in: folder)
            #expect(status.status == 1 && status.output.contains("\"failed\":1,"))
        }
    }

    @Test(
        "A bad manifest is refused before anything is done, with file, line and remedy",
        arguments: [
            ("command,file\nvalidate,cells/c9.vasp", "tasks.csv:2: file cells/c9.vasp is not there"),
            ("command,file\nguess,cells/c0.vasp", "tasks.csv:2: a campaign carries no 'guess'; name one of"),
            ("file\ncells/c0.vasp", "tasks.csv:2: no command is named; give --command"),
            (
                "command,file,fmax\nrelax,cells/c0.vasp,0.1\nscan,cells/c0.vasp,0.1",
                "tasks.csv:3: scan has no option --fmax; leave that column empty in this row"
            ),
            (
                "command,file,fmax\nrelax,cells/c0.vasp,little",
                "tasks.csv:2: relax: The value 'little' is invalid for '--fmax"
            ),
            (
                "command,file,fix-cell\nrelax,cells/c0.vasp,perhaps",
                "tasks.csv:2: --fix-cell is a flag, and 'perhaps' is neither true nor false"
            ),
            ("command,file\nvalidate,cells/c0.vasp,x", "tasks.csv:2: 3 cells under 2 columns"),
            ("command,file,\nvalidate,cells/c0.vasp,", "tasks.csv:1: column 3 has no name"),
            (
                "command,file,output\nrelax,cells/c0.vasp,../x.cif",
                "tasks.csv:2: --output ../x.cif leaves the task's folder"
            ),
            (
                "command,file,output\nrelax,cells/c0.vasp,cells/c0.vasp",
                "tasks.csv:2: --output cells/c0.vasp is where cells/c0.vasp is read"
            ),
            ("command,pattern\nrefine,cells/c0.vasp", "tasks.csv:2: refine has no file"),
            ("command,file\n", "tasks.csv: holds no task"),
            ("command,file\nvalidate,\"cells/c0.vasp", "tasks.csv:2: a quote is open"),
        ])
    func manifests(text: String, message: String) throws {
        try CommandRun.inFolder { folder in
            try write(1, to: folder)
            try Data(text.utf8).write(to: folder.appendingPathComponent("tasks.csv"))
            let bad = try run("run tasks.csv --store s.sqlite --quiet", in: folder)
            #expect(bad.status == 2)
            #expect(bad.errors.hasPrefix("error: \(message)"), "\(bad.errors)")
            #expect(bad.errors.split(separator: "\n").count == 1)
            #expect(
                !FileManager.default.fileExists(atPath: folder.appendingPathComponent("s.sqlite").path))
        }
    }

    @Test("A folder, a pattern of names and options for every task make the tasks that a table makes")
    func manifestsWithoutTable() throws {
        try CommandRun.inFolder { folder in
            try write(3, to: folder)
            try FileManager.default.removeItem(at: folder.appendingPathComponent("cells/bad.vasp"))
            let options = "--command validate --quiet"
            for (name, source) in [("a", "cells"), ("b", "cells/c*.vasp")] {
                let made = try run(
                    "run \(source) \(options) --store \(name).sqlite -- --expect 225 --unique", in: folder)
                #expect(made.status == 0 && made.output == "3 of 3 tasks done\n", "\(made.errors)")
            }
            let rows = try ["a", "b"].map { try run("results \($0).sqlite --json", in: folder).output }
            #expect(rows[0] == rows[1] && rows[0].contains("\"--expect\",\"225\",\"--unique\""))
            let stray = try run("run cells \(options) --store c.sqlite -- --fmax 1", in: folder)
            #expect(stray.status == 2 && stray.errors.contains("no command of this campaign has the option"))
        }
    }

    @Test("submit writes an array and its merge, and submits again only what is not finished")
    func submitted() throws {
        try CommandRun.inFolder { folder in
            try write(5, to: folder)
            let bin = folder.appendingPathComponent("bin")
            try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
            for (name, text) in [
                ("sbatch", "echo \"$@\" >> '\(folder.path)/calls'; echo 4$(wc -l < '\(folder.path)/calls')"),
                ("squeue", "exit 0"),
                ("sacct", "echo '41|PENDING'; echo '41_2|COMPLETED'; echo '41_[1,3-3%2]|CANCELLED by 0'"),
            ] {
                let file = bin.appendingPathComponent(name)
                try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
            }
            let words = ["campaign", "submit", "--slurm", "tasks.csv", "--folder", "on it", "--shards", "3"]
            let path = ["PATH": "\(bin.path):/usr/bin:/bin"]
            let first = try CommandRun(words + ["--mem", "2G"], in: folder, environment: path)
            #expect(first.status == 0 && first.output.hasPrefix("job 41: 3 of 3 shards"), "\(first.errors)")
            let script = try String(
                contentsOf: folder.appendingPathComponent("on it/shards.sh"), encoding: .utf8)
            #expect(script.contains("#SBATCH --array=1-3\n") && script.contains("#SBATCH --mem=2G\n"))
            let calls = try String(contentsOf: folder.appendingPathComponent("calls"), encoding: .utf8)
            #expect(calls.contains("--dependency=afterany:41"))
            // The second shard's job runs here; the bad row is in the third.
            _ = try OutputTests.shell("SLURM_ARRAY_TASK_ID=2 bash 'on it/shards.sh'", in: folder)
            let status = try CommandRun(["campaign", "status", "on it"], in: folder, environment: path)
            #expect(status.output.hasPrefix("2 of 6 tasks done, 4 to be done"), "\(status.errors)")
            #expect(status.output.contains("Slurm job 41 of 3 shards: 2 CANCELLED, 1 COMPLETED\n"))
            let second = try CommandRun(words, in: folder, environment: path)
            #expect(second.output.hasPrefix("job 43: 2 of 3 shards"), "\(second.errors)")
            let rest = try String(
                contentsOf: folder.appendingPathComponent("on it/shards.sh"), encoding: .utf8)
            #expect(rest.contains("#SBATCH --array=1,3\n") && rest.contains(" --retry-failed"))
            for k in [1, 3] {
                _ = try OutputTests.shell("SLURM_ARRAY_TASK_ID=\(k) bash 'on it/shards.sh'", in: folder)
            }
            _ = try OutputTests.shell("bash 'on it/merge.sh'", in: folder)
            let merged = try CommandRun(["campaign", "status", "on it/campaign.sqlite"], in: folder)
            #expect(merged.output.hasPrefix("4 of 6 tasks done, 1 answered no, 1 failed"))
        }
    }
}
