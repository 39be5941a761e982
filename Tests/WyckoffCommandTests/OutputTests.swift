import Foundation
import Testing

/// Where results go: a disk that is full, a reader that leaves, gnuplot that fails (NEWCOMER.md, 2 and 9; REVIEW.md, 4).
@Suite(
    "what a command prints and writes", .serialized,
    .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct OutputTests {
    static let structure = CommandRun.data("structures/pbso4.cif")
    static let cubic = CommandRun.data("structures/nac.cif")
    static let pattern = CommandRun.data("patterns/pbso4-x.dat")
    static let start = CommandRun.data("starts/pbso4-1.cif")

    /// Runs through a shell, whose redirections are part of the test.
    static func shell(_ line: String, in folder: URL) throws -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let binary = try #require(CommandRun.binary).path
        process.arguments = ["-c", "set -o pipefail; w() { '\(binary)' \"$@\"; }; \(line)"]
        process.currentDirectoryURL = folder
        let file = folder.appendingPathComponent(".shell-errors")
        try Data().write(to: file)
        process.standardError = try FileHandle(forWritingTo: file)
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try String(contentsOf: file, encoding: .utf8))
    }

    static func gnuplot(_ script: String, in folder: URL) throws -> [String: String] {
        let bin = folder.appendingPathComponent("bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        let file = bin.appendingPathComponent("gnuplot")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        return ["PATH": "\(bin.path):/usr/bin:/bin"]
    }

    @Test(
        "standard output that is full is an error that names it",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"),
        arguments: [
            "symmetry \(structure)", "symmetry \(structure) \(cubic) --json", "parameters \(structure)",
            "spacegroup 62", "--help", "help recover", "--version", "match \(structure) \(structure)",
            "compare \(structure) \(structure) --metric cosine", "pattern \(structure)",
            "pattern \(structure) -o p.xye", "validate \(structure)", "validate \(structure) --json --ladder",
            "convert \(structure) x.vasp --json", "symmetrize \(structure) -o s.cif",
            "shake \(structure) -o t.cif", "models list", "models --json",
            "distort \(structure) -o d.cif --json", "--generate-completion-script bash",
            "scan \(cubic) --along a --range a=10.2:10.3",
        ])
    func fullStandardOutput(arguments: String) throws {
        try CommandRun.inFolder { folder in
            let run = try Self.shell("w \(arguments) > /dev/full", in: folder)
            #expect(run.status == 2)
            #expect(
                run.errors.contains("standard output: cannot be written: no space is left"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count { $0.contains("standard output") } == 1)
            let closed = try Self.shell("w \(arguments) >&-", in: folder)
            #expect(closed.status == 2 && closed.errors.contains("standard output"), "\(closed.errors)")
        }
    }

    @Test("a reader that leaves ends the command quietly, and files are written all the same")
    func readerLeaves() throws {
        try CommandRun.inFolder { folder in
            let list = try Self.shell("w spacegroup 225 | true", in: folder)
            #expect(list.status == 0 || list.status == 141)
            #expect(list.errors.isEmpty)
            _ = try Self.shell("w pattern \(Self.structure) -o p.xye --reflections | true", in: folder)
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("p.xye").path))
        }
    }

    @Test("standard error that is full ends nothing")
    func fullStandardError() throws {
        try CommandRun.inFolder { folder in
            let run = try Self.shell("w convert \(Self.structure) x.vasp 2> /dev/full", in: folder)
            #expect(run.status == 0)
        }
    }

    @Test(
        "an output that cannot be written is found before the work",
        arguments: [
            [
                "recover", "--pattern", pattern, "--start", start, "--space-group", "Pnma", "-o",
                "file/result",
            ],
            ["recover", "--pattern", pattern, "--start", start, "--space-group", "Pnma", "-o", "file"],
            ["refine", pattern, structure, "-o", "none/fit.tsv"],
            ["refine", pattern, structure, "--structure", "none/x.cif"],
            ["scan", structure, "-o", "file"], ["map", structure, "--along", "a,b", "-o", "file/x"],
            ["design", "--template", "perovskite", "--gap", "2±0.2", "-o", "file"],
            ["relax", structure, "-o", "none/x.cif"], ["relax", structure, "--trajectory", "none/x.extxyz"],
            ["convert", structure, "none/x.cif"], ["pattern", structure, "-o", "none/x.xye"],
            ["symmetrize", structure, "-o", "none/x.cif"], ["shake", structure, "-o", "none/x.cif"],
            ["distort", structure, "-o", "none/x.cif"],
            ["study", "landscape", "--structures", structure, "-o", "file"],
            ["study", "report", "file", "-o", "file"],
        ])
    func outputsAreProbed(arguments: [String]) throws {
        try CommandRun.inFolder { folder in
            try Data("x".utf8).write(to: folder.appendingPathComponent("file"))
            let run = try CommandRun(arguments, in: folder)
            #expect(run.status == 2)
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("cannot be written"), "\(run.errors)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        }
    }

    @Test(
        "where gnuplot is missing, fails, ends early or leaves half a picture, tables, data and page are there",
        arguments: [nil, "exit 1", "exec 0<&-; exit 0", "kill -9 $$", "echo '<svg' > \"$OUT\"; exit 0"])
    func gnuplotFails(script: String?) throws {
        try CommandRun.inFolder { folder in
            var environment = ["PATH": folder.path]
            if let script { environment = try Self.gnuplot(script, in: folder) }
            // A picture of an earlier run does not stay beside new data.
            let old = folder.appendingPathComponent("scan")
            try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
            for name in ["scan-a.svg", "scan-a.png"] {
                try Data("old".utf8).write(to: old.appendingPathComponent(name))
            }
            let run = try CommandRun(
                ["scan", Self.cubic, "--along", "a", "--range", "a=10.2:10.3", "-o", "scan"], in: folder,
                environment: environment)
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains("results in scan"))
            #expect(run.errors.contains("not drawn"), "\(run.errors)")
            let page = try String(
                contentsOf: folder.appendingPathComponent("scan/report.html"), encoding: .utf8)
            #expect(page.contains("<svg class=\"own\"") && !page.contains("Not drawn"))
            let files = try FileManager.default.contentsOfDirectory(
                atPath: folder.appendingPathComponent("scan").path)
            #expect(
                Set(files) == ["axes.tsv", "report.html", "scan-a.gnuplot", "scan-a.tsv", "summary.json"])
        }
    }

    @Test("a recovery whose gnuplot fails prints its table and writes its page")
    func recoveryWithoutPicture() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                [
                    "recover", "--pattern", Self.pattern, "--start", Self.start, "--symmetry-from",
                    Self.structure, "--range", "15:120", "--quiet", "-o", "my dir/it's",
                ], in: folder, environment: try Self.gnuplot("exit 3", in: folder))
            #expect(run.status == 0 || run.status == 1)
            #expect(run.output.contains("Pb1.x") && run.output.contains("report.html"))
            #expect(run.errors.contains("not drawn"))
            let page = try String(
                contentsOf: folder.appendingPathComponent("my dir/it's/report.html"), encoding: .utf8)
            #expect(page.contains("Not drawn"))
            // The command at its foot can be pasted.
            #expect(page.contains("-o 'my dir/it'\\''s'"))
        }
    }

    @Test("a picture that was asked for by name and is not drawn leaves its columns and exit status 2")
    func pictureByName() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["pattern", Self.structure, "-o", "p.svg"], in: folder, environment: ["PATH": folder.path])
            #expect(run.status == 2)
            #expect(!run.output.isEmpty)
            #expect(run.errors.contains("p.tsv") && run.errors.contains("gnuplot"))
            let columns = try String(contentsOf: folder.appendingPathComponent("p.tsv"), encoding: .utf8)
            #expect(columns.split(separator: "\n").count > 1000)
        }
    }

    @Test(
        "what is mistyped is answered with what was probably meant",
        arguments: [
            (["recovr"], "did you mean 'recover'"), (["symetry", "x.cif"], "did you mean 'symmetry'"),
            (["study", "recovry"], "did you mean 'recovery'"), (["models", "fecth"], "did you mean 'fetch'"),
            (["frobnicate"], "it has symmetry"),
            (["symmetry", "x.cif", "--tolerance", "-1"], "--tolerance takes"),
            (["shake", "x.cif", "--tolerance", "-1", "-o", "y.cif"], "--tolerance takes"),
            (["validate", "x.cif", "--tolerance", "-0.5"], "--tolerance takes"),
            (["refine", pattern, structure, "--free", "latice"], "latice"),
        ])
    func spelling(arguments: [String], answer: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(arguments, in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains(answer), "\(run.errors)")
            #expect(!run.errors.contains("stage"), "it fitted first")
        }
    }

    @Test("a file whose name is one letter is read and written (Foundation traps on it)")
    func oneLetter() throws {
        try CommandRun.inFolder { folder in
            try FileManager.default.copyItem(
                atPath: Self.cubic, toPath: folder.appendingPathComponent("x").path)
            for arguments in [
                ["symmetry", "x"], ["validate", "x"], ["pattern", "x"], ["match", "x", "x"],
                ["scan", "x", "--along", "a", "--range", "a=10.2:10.3", "-o", "s"],
            ] {
                let run = try CommandRun(arguments, in: folder)
                #expect(run.status == 0, "\(arguments) \(run.errors.prefix(300))")
            }
            #expect(try CommandRun(["symmetry", "y"], in: folder).status == 2)
        }
    }

    /// Whether a process runs; one that has ended and that nobody waits for (a container's first process may not) does not.
    private static func isRunning(_ process: Int32) -> Bool {
        guard kill(process, 0) == 0 else { return false }
        let status = FileManager.default.contents(atPath: "/proc/\(process)/stat").map {
            String(decoding: $0, as: UTF8.self)
        }
        return status.map { !$0.contains(") Z ") } ?? true
    }

    @Test(
        "an interrupted fetch of models leaves neither its folder nor its pip, whoever sees the signal first",
        arguments: [false, true])
    func interruptedFetch(pipToo: Bool) throws {
        try CommandRun.inFolder { folder in
            let bin = folder.appendingPathComponent("bin")
            let temporary = folder.appendingPathComponent("tmp")
            for place in [bin, temporary] {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            }
            let python = bin.appendingPathComponent("python3")
            let script = "#!/bin/sh\necho $$ > '\(folder.path)/pid'\nexec sleep 60\n"
            try Data(script.utf8).write(to: python)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python.path)
            let process = Process()
            process.executableURL = CommandRun.binary
            process.arguments = ["models", "fetch"]
            process.environment = [
                "PATH": "\(bin.path):/usr/bin:/bin", "TMPDIR": temporary.path, "HOME": folder.path,
            ]
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            let pidFile = folder.appendingPathComponent("pid").path
            for _ in 0..<200 where FileManager.default.contents(atPath: pidFile)?.isEmpty != false {
                usleep(50_000)
            }
            usleep(200_000)
            let text = try String(contentsOfFile: pidFile, encoding: .utf8)
            let child = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            // A terminal gives it to both.
            if pipToo { kill(child, SIGKILL) }
            kill(process.processIdentifier, SIGINT)
            process.waitUntilExit()
            #expect(process.terminationStatus == 130)
            #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
            usleep(200_000)
            #expect(!Self.isRunning(child), "pip goes on")
        }
    }

    @Test(
        "HOME says where models are kept, XDG_DATA_HOME before it, and a place that cannot be written is said at once"
    )
    func modelStore() throws {
        try CommandRun.inFolder { folder in
            let home = ["HOME": folder.path, "XDG_DATA_HOME": ""]
            let list = try CommandRun(["models", "--json"], in: folder, environment: home)
            #expect(list.output.contains("\(folder.path)/.local/share/wyckoff/models/"))
            let stated = try CommandRun(
                ["models", "--json"], in: folder,
                environment: ["HOME": folder.path, "XDG_DATA_HOME": folder.path + "/x"])
            #expect(stated.output.contains("\(folder.path)/x/wyckoff/models/"))
            let bad = try CommandRun(
                ["models", "fetch"], in: folder, environment: ["HOME": "/proc/none", "XDG_DATA_HOME": ""])
            #expect(bad.status == 2 && bad.errors.contains("XDG_DATA_HOME="), "\(bad.errors)")
        }
    }

    @Test("tables show no digits that mean nothing")
    func digits() throws {
        try CommandRun.inFolder { folder in
            let made = try CommandRun(["pattern", Self.cubic, "-o", "p.xye"], in: folder)
            #expect(made.status == 0)
            let run = try CommandRun(
                ["refine", "p.xye", Self.cubic, "--free", "lattice", "--structure", "r.cif"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let long = try Regex(#"\d\.\d{11,}"#)
            #expect(run.output.firstMatch(of: long) == nil, "\(run.output)")
            let cif = try String(contentsOf: folder.appendingPathComponent("r.cif"), encoding: .utf8)
            #expect(cif.firstMatch(of: try Regex(#"\d\.\d{13,}"#)) == nil)
            let shaken = try CommandRun(
                ["shake", Self.structure, "--amplitude", "0", "-o", "s.cif"], in: folder)
            #expect(shaken.status == 0)
            let text = try String(contentsOf: folder.appendingPathComponent("s.cif"), encoding: .utf8)
            #expect(text.firstMatch(of: try Regex(#"\d\.\d{13,}"#)) == nil, "\(text)")
        }
    }

    @Test("the report of a study whose runs are all exact is written (NEWCOMER.md, 9.3)")
    func allExactStudy() throws {
        try CommandRun.inFolder { folder in
            try Data(DamagedFiles.sound(5.6).utf8).write(to: folder.appendingPathComponent("salt.cif"))
            let study = try CommandRun(
                [
                    "study", "recovery", "--structures", "salt.cif", "--arms", "wyckoff", "--noise",
                    "lattice=0.1", "--samples", "20", "--store", "s.sqlite", "--quiet",
                ], in: folder)
            #expect(study.status == 0, "\(study.errors)")
            // One letter: Foundation traps on such a path.
            let report = try CommandRun(["study", "report", "s.sqlite", "-o", "r"], in: folder)
            #expect(report.status == 0, "\(report.errors)")
            #expect(
                FileManager.default.fileExists(atPath: folder.appendingPathComponent("r/report.html").path))
        }
    }

    @Test("a study of landscapes that was torn goes on and ends as if nothing had happened")
    func tornLandscapes() throws {
        try CommandRun.inFolder { folder in
            let arguments = [
                "study", "landscape", "--structures", Self.cubic, "--most-coordinates", "1", "--jobs", "1",
                "--angle-step", "0.2", "-o", "l",
            ]
            let whole = try CommandRun(arguments, in: folder)
            #expect(whole.status == 0, "\(whole.errors)")
            let file = folder.appendingPathComponent("l/axes.tsv")
            let data = try Data(contentsOf: file)
            try data.dropLast(3).write(to: file)
            let resumed = try CommandRun(arguments + ["--resume"], in: folder)
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(resumed.errors.contains("done again"))
            #expect(try Data(contentsOf: file) == data)
            #expect(resumed.output == whole.output)
        }
    }
}
