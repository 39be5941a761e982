import ArgumentParser
import Foundation
import Publishing
import Reports
import Wyckoff

/// The command `wyckoff`: one file for each subcommand; the work is done by the library.
struct WyckoffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wyckoff",
        abstract:
            "Keeps crystal structures inside their symmetry while it recovers and validates them.",
        discussion: """
            Exit status: 0 done and proven; 1 it ran, and the answer is "no" (results are written and say so); \
            2 bad usage, bad input, or a result that could not be written: one line each says which, and no file is \
            left half written; 130 interrupted.
            Results go to standard output, progress and errors to standard error; --json prints one object, of an error \
            {"error":{"place","problem","remedy","text"}}.
            """,
        version: ReleaseVersion.text,
        subcommands: [
            SymmetryCommand.self, ParametersCommand.self, IndexCommand.self, SolveCommand.self,
            RecoverCommand.self,
            DistortCommand.self,
            SymmetrizeCommand.self, ShakeCommand.self, ConvertCommand.self,
            PatternCommand.self, GroupsCommand.self, RefineCommand.self, CalibrateCommand.self,
            CompareCommand.self,
            MatchCommand.self,
            SpaceGroupCommand.self, ValidateCommand.self, ScanCommand.self, MapCommand.self,
            PathsCommand.self,
            StudyCommand.self, CampaignCommand.self,
            EnergyCommand.self, RelaxCommand.self, PredictCommand.self, DesignCommand.self,
            ModelsCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        StandardOutput.prepare()
        CampaignTaskSide.begin()
        signal(SIGINT) { _ in _exit(130) }
        do {
            let words = Invocation.namingStreams(
                Invocation.attachingNegatives(Array(CommandLine.arguments.dropFirst())))
            if Invocation.isFilter(words) { signal(SIGPIPE, SIG_DFL) }
            try SpooledInput.prepare(words)
            try Invocation.checkSubcommand(words)
            try await run(try WyckoffCommand.parseAsRoot(words))
        } catch let negative as NegativeAnswer {
            if !negative.reason.isEmpty { Terminal.error(negative.reason) }
            exit(1)
        } catch StandardOutput.Failure.closed {
            // As the signal would have ended it.
            exit(128 + SIGPIPE)
        } catch {
            finish(with: error)
        }
    }

    /// The folder of results is the run's own while it lasts.
    private static func run(_ parsed: ParsableCommand) async throws {
        var command = parsed
        let claim = try FolderClaim(of: command)
        defer { claim?.release() }
        if var asynchronous = command as? AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    /// Help goes to standard output with status 0; everything else is bad usage or input.
    private static func finish(with error: any Error) -> Never {
        let code = WyckoffCommand.exitCode(for: error)
        if code == .success {
            do {
                try Terminal.print(WyckoffCommand.fullMessage(for: error))
                exit(0)
            } catch {
                Terminal.error("error: \(error)")
                exit(2)
            }
        }
        if let error = error as? ValidationError {
            // Thrown by what runs: the parser no longer knows which command it was.
            let command = Invocation.command(of: Array(CommandLine.arguments.dropFirst()))
            Terminal.misuse("Error: \(error.message)\n  See '\(command) --help' for more information.")
        } else if code == ExitCode.validationFailure {
            Terminal.misuse(WyckoffCommand.fullMessage(for: error))
        } else if error is ExitCode {
            exit(code.rawValue)
        } else {
            Terminal.failure(error)
        }
        exit(2)
    }
}

/// The command ran to its end and the answer is "no": exit status 1.
struct NegativeAnswer: Error {
    var reason = ""
}
