import Foundation
import Testing

/// What a shell and a program around the command expect of it.
@Suite("the command in a shell", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct ShellTests {
    private let structure = CommandRun.data("structures/pbso4.cif")
    private let pattern = CommandRun.data("patterns/pbso4-x.dat")

    @Test(
        "completions offer files where files are read, and values where there are names",
        arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["--generate-completion-script", shell], in: folder)
            #expect(run.status == 0)
            for word in [
                "jensen-shannon", "orthorhombic", "pseudo-voigt", "smoacs", "chgnet-r2scan", "neutron",
                "debye-scherrer", "perovskite", "LaB6", "CuKa1", "extxyz",
            ] {
                #expect(run.output.contains(word), "\(shell): \(word)")
            }
        }
    }

    @Test(
        "an interactive bash completes files and values",
        arguments: [
            ("wyckoff symmetry pb", "pbso4.cif"), ("wyckoff recover --family or", "orthorhombic"),
            ("wyckoff recover --pattern pb", "pbso4.cif"),
            ("wyckoff scan pbso4.cif --objective jen", "jensen-shannon"),
            ("wyckoff refine a b --profile ps", "pseudo-voigt"),
            ("wyckoff pattern x --output pb", "pbso4.cif"),
        ])
    func interactive(line: String, expected: String) throws {
        try CommandRun.inFolder { folder in
            try FileManager.default.copyItem(
                atPath: structure, toPath: folder.appending(path: "pbso4.cif").path)
            let script = try CommandRun(["--generate-completion-script", "bash"], in: folder)
            try Data(script.output.utf8).write(to: folder.appending(path: "completion.bash"))
            let words = line.split(separator: " ").map { "'\($0)'" }
            let text = """
                source completion.bash
                COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1)
                COMP_LINE='\(line)'; COMP_POINT=${#COMP_LINE}
                _wyckoff wyckoff \(words[words.count - 1]) \(words[words.count - 2])
                printf '%s\\n' "${COMPREPLY[@]}" > replies
                """
            let shell = try OutputTests.shell("bash -c \(Self.quoted(text)) 2> errors || true", in: folder)
            let replies = try String(contentsOf: folder.appending(path: "replies"), encoding: .utf8)
                .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(replies.contains(expected), "\(replies) \(shell.errors)")
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }

    @Test(
        "bad usage that only the run finds names the command whose help tells more",
        arguments: [
            (["calibrate", "p.xye", "--standard", "LaB7", "-o", "i.json"], "wyckoff calibrate --help"),
            (["recovr"], "wyckoff --help"),
        ])
    func ownHelp(words: [String], sentence: String) throws {
        try CommandRun.inFolder { folder in
            let made = try CommandRun(
                ["pattern", structure, "--range", "20:60:0.05", "-o", "p.xye"], in: folder)
            #expect(made.status == 0)
            let run = try CommandRun(words, in: folder)
            #expect(run.status == 2 && run.errors.contains("See '\(sentence)'"), "\(run.errors)")
        }
    }

    @Test(
        "what was mistyped is named with what was meant",
        arguments: [
            (["spacegroup", "Pnmx"], "did you mean Pnma"), (["recovr"], "did you mean 'recover'"),
            (["energy", "x.cif", "--potential", "chgent"], "did you mean chgnet"),
            (
                ["recover", "--pattern", "p", "--start", "s", "-o", "o", "--family", "trigonal"],
                "trigonal crystals are of the family hexagonal"
            ),
        ])
    func meant(words: [String], sentence: String) throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(words, in: folder)
            #expect(run.status == 2)
            #expect(run.errors.contains(sentence), "\(run.errors)")
        }
    }

    struct Failure: Decodable {
        struct Parts: Decodable {
            let place: String?
            let problem: String
            let remedy: String?
            let text: String
        }
        let error: Parts
    }

    @Test("with --json an error is an object too, beside its line on standard error")
    func errorsAsJSON() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["symmetry", structure, "nowhere.cif", "--json"], in: folder)
            #expect(run.status == 2)
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 2)
            let failure = try JSONDecoder().decode(Failure.self, from: Data((lines.last ?? "").utf8)).error
            #expect(failure.place == "nowhere.cif" && failure.problem == "no such file")
            #expect(run.errors.contains("error: " + failure.text))
            let usage = try CommandRun(["symmetry", structure, "--tolerance", "x", "--json"], in: folder)
            let misuse = try JSONDecoder().decode(Failure.self, from: Data(usage.output.utf8)).error
            #expect(misuse.problem.contains("'x' is invalid"))
            #expect(try CommandRun(["symmetry", "nowhere.cif"], in: folder).output.isEmpty)
        }
    }

    @Test(
        "a folder is its structures, for symmetry and parameters as for validate; `file` is the pattern's own wavelength"
    )
    func folders() throws {
        try CommandRun.inFolder { folder in
            let place = folder.appending(path: "structures")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for name in ["pbso4", "nac"] {
                try FileManager.default.copyItem(
                    atPath: CommandRun.data("structures/\(name).cif"),
                    toPath: place.appending(path: "\(name).cif").path)
            }
            for command in ["symmetry", "parameters"] {
                let run = try CommandRun([command, "structures", "--json"], in: folder)
                #expect(run.status == 0 && run.output.split(separator: "\n").count == 2, "\(run.errors)")
            }
            let run = try CommandRun(
                ["refine", pattern, structure, "--wavelength", "file", "--range", "15:60"], in: folder)
            #expect(run.status == 2 && run.errors.contains("names no wavelength"), "\(run.errors)")
        }
    }

    @Test("--quiet leaves progress out of refine as of its siblings")
    func quiet() throws {
        try CommandRun.inFolder { folder in
            let words = ["refine", pattern, structure, "--range", "15:60", "--free", "lattice"]
            let loud = try CommandRun(words, in: folder)
            let quiet = try CommandRun(words + ["--quiet"], in: folder)
            #expect(loud.errors.contains("stage 1") && !quiet.errors.contains("stage 1"))
            #expect(loud.output == quiet.output)
        }
    }

    @Test("man pages of every command, made of its help, which man reads without complaint")
    func manual() throws {
        try CommandRun.inFolder { folder in
            let binary = try #require(CommandRun.binary).path
            let script = CommandRun.root.appending(path: "Scripts/manual").path
            let run = try OutputTests.shell("'\(script)' '\(binary)' share", in: folder)
            #expect(run.status == 0, "\(run.errors)")
            let pages = try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: "share/man/man1").path)
            for name in [
                "wyckoff.1", "wyckoff-recover.1", "wyckoff-study-landscape.1", "wyckoff-models-fetch.1",
            ] {
                #expect(pages.contains(name))
            }
            let page = try String(
                contentsOf: folder.appending(path: "share/man/man1/wyckoff-relax.1"), encoding: .utf8)
            for head in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"] {
                #expect(page.contains(".SH \(head)"))
            }
            #expect(page.contains(".B \\-\\-fmax <fmax>"))
            for file in [
                "bash-completion/completions/wyckoff", "zsh/site-functions/_wyckoff",
                "fish/vendor_completions.d/wyckoff.fish",
            ] {
                #expect(FileManager.default.fileExists(atPath: folder.appending(path: "share/" + file).path))
            }
        }
    }
}
