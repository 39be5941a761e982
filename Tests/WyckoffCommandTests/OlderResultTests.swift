import Foundation
import LearnedModels
import Testing

private let hasCHGNet = ModelStore.standard.isInstalled(.chgnet)

/// What is there already where results go (Docs/Design.md, Conventions).
@Suite("results beside older ones", .enabled(if: CommandRun.binary != nil, "build wyckoff first"))
struct OlderResultTests {
    private static let cubic = CommandRun.data("structures/nac.cif")

    @Test(
        "a file that is read is not replaced by what comes of it",
        arguments: ["convert", "shake", "symmetrize"])
    func inputIsKept(command: String) throws {
        try CommandRun.inFolder { folder in
            let file = folder.appendingPathComponent("a.cif")
            let text = try String(contentsOfFile: Self.cubic, encoding: .utf8)
            try Data(text.utf8).write(to: file)
            try FileManager.default.createSymbolicLink(
                atPath: folder.appendingPathComponent("b.cif").path, withDestinationPath: "a.cif")
            for output in ["a.cif", "./a.cif", "b.cif"] {
                let arguments =
                    command == "convert" ? [command, "a.cif", output] : [command, "a.cif", "-o", output]
                let run = try CommandRun(arguments, in: folder)
                #expect(run.status == 2 && run.errors.contains("name another file"), "\(run.errors)")
                #expect(try String(contentsOf: file, encoding: .utf8) == text)
            }
        }
    }

    @Test("an older file is replaced, and standard error says so in one line")
    func fileIsReplaced() throws {
        try CommandRun.inFolder { folder in
            for isThere in [false, true] {
                let run = try CommandRun(["shake", Self.cubic, "-o", "s.cif"], in: folder)
                #expect(run.status == 0)
                #expect(run.errors.contains("s.cif: an older file is replaced") == isThere, "\(run.errors)")
            }
        }
    }

    @Test("of a folder, files that are not written again stay, and standard error says so")
    func folderIsReplaced() throws {
        try CommandRun.inFolder { folder in
            let arguments = [
                "scan", Self.cubic, "--along", "a", "--range", "a=10.2:10.3", "--quiet", "-o", "out",
            ]
            #expect(!(try CommandRun(arguments, in: folder).errors.contains("older")))
            let other = folder.appendingPathComponent("out/notes.txt")
            try Data("mine".utf8).write(to: other)
            let run = try CommandRun(arguments, in: folder)
            #expect(
                run.errors.contains("out: an older result is replaced; files that are not written again stay")
            )
            #expect(FileManager.default.fileExists(atPath: other.path))
        }
    }

    @Test("a folder into which another run writes is refused, and free again when that has ended")
    func folderInUse() throws {
        try CommandRun.inFolder { folder in
            let out = folder.appendingPathComponent("out")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            let arguments = [
                "scan", Self.cubic, "--along", "a", "--range", "a=10.2:10.3", "--quiet", "-o", "out",
            ]
            // As another run holds it.
            let descriptor = open(out.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            #expect(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
            let refused = try CommandRun(arguments, in: folder)
            #expect(refused.status == 2 && refused.output.isEmpty)
            #expect(
                refused.errors.contains("out: cannot be written: another run of wyckoff writes"),
                "\(refused.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: out.path).isEmpty)
            close(descriptor)
            #expect(try CommandRun(arguments, in: folder).status == 0)
        }
    }

    @Test("a run that fails leaves no folder that it made")
    func madeFolderGoes() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(["scan", "none.cif", "-o", "a/b/out"], in: folder)
            #expect(run.status == 2)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test(
        "an interrupted relaxation leaves its last good step and its trajectory",
        .enabled(if: hasCHGNet, "CHGNet is not installed: wyckoff models fetch"))
    func interruptedRelaxation() throws {
        try CommandRun.inFolder { folder in
            let process = Process()
            process.executableURL = CommandRun.binary
            process.arguments = [
                "relax", CommandRun.data("structures/pbso4.cif"), "--symmetry", "none", "--fmax", "1e-12",
                "--smax",
                "1e-12", "--max-evaluations", "1000000", "-o", "out.cif", "--trajectory", "steps.extxyz",
            ]
            process.currentDirectoryURL = folder
            let errors = folder.appendingPathComponent("errors")
            try Data().write(to: errors)
            process.standardError = try FileHandle(forWritingTo: errors)
            try process.run()
            // Until it relaxes: the weights are read first.
            Thread.sleep(forTimeInterval: 5)
            process.interrupt()
            process.waitUntilExit()
            let said = try String(contentsOf: errors, encoding: .utf8)
            // A relaxation that is done before, on a fast machine, cannot be interrupted.
            guard process.terminationStatus == 130 else {
                #expect(said.contains("not converged") || said.isEmpty, "\(said)")
                return
            }
            #expect(said.contains("interrupted; the step of evaluation"), "\(said)")
            let steps = try String(contentsOf: folder.appendingPathComponent("steps.extxyz"), encoding: .utf8)
            #expect(steps.contains("energy="))
            let read = try CommandRun(["symmetry", "out.cif"], in: folder)
            #expect(read.status == 0, "\(read.errors)")
        }
    }
}
