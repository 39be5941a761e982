import Foundation
import Testing

@Suite("wyckoff study", .serialized)
struct StudyCommandTests {
    static let structure = CommandRun.data("structures/nac.cif")

    static func arguments(_ store: String) -> [String] {
        [
            "study", "recovery", "--structures", structure, "--arms", "nothing,project-once", "--noise",
            "lattice=0.05,0.1", "--samples", "8", "--seed", "3", "--store", store,
        ]
    }

    /// results.csv without the seconds.
    static func results(_ store: String, in folder: URL) throws -> [Substring] {
        let run = try CommandRun(["study", "report", store, "-o", store + "-report"], in: folder)
        #expect(run.status == 0, "\(run.errors)")
        let text = try String(
            contentsOf: folder.appendingPathComponent(store + "-report/results.csv"), encoding: .utf8)
        return text.split(separator: "\n").map { $0[..<($0.lastIndex(of: ",") ?? $0.endIndex)] }
    }

    @Test("killed in the middle and resumed, a study ends as if nothing had happened")
    func killedAndResumed() throws {
        try CommandRun.inFolder { folder in
            #expect(try CommandRun(Self.arguments("whole.sqlite"), in: folder).status == 0)
            let process = Process()
            process.executableURL = CommandRun.binary
            process.arguments = Self.arguments("killed.sqlite")
            process.currentDirectoryURL = folder
            let errors = Pipe()
            process.standardError = errors
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            var seen = ""
            while !seen.contains("\n3/32"), process.isRunning {
                seen += String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
            }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(process.terminationReason == .uncaughtSignal)
            #expect(try CommandRun(Self.arguments("killed.sqlite"), in: folder).status == 2)
            let resumed = try CommandRun(Self.arguments("killed.sqlite") + ["--resume"], in: folder)
            #expect(resumed.status == 0, "\(resumed.errors)")
            // What was finished before the kill is not done again.
            #expect(!resumed.errors.contains("32 runs to do"))
            #expect(
                try Self.results("killed.sqlite", in: folder) == Self.results("whole.sqlite", in: folder))
        }
    }

    @Test("bad usage names the option and exits 2")
    func badUsage() throws {
        try CommandRun.inFolder { folder in
            let run = try CommandRun(
                ["study", "recovery", "--structures", Self.structure, "--arms", "magic", "--store", "s"],
                in: folder)
            #expect(run.status == 2 && run.errors.contains("--arms magic"))
            let none = try CommandRun(["study", "report", "none.sqlite", "-o", "r"], in: folder)
            #expect(none.status == 2 && none.errors.contains("none.sqlite"))
        }
    }
}
