import ArgumentParser
import Foundation
import Wyckoff

/// The command `wyckoff`: one file for each subcommand; the work is done by the library.
struct WyckoffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wyckoff",
        abstract:
            "Keeps crystal structures inside their symmetry while it recovers and validates them.",
        discussion: """
            Exit status: 0 done and proven; 1 it ran, and the answer is "no" (results are written and say so); \
            2 bad usage or input, nothing written; 130 interrupted.
            Results go to standard output, progress and errors to standard error; --json prints one object.
            """,
        version: "0.1.0",
        subcommands: [
            SymmetryCommand.self, ParametersCommand.self, RecoverCommand.self, DistortCommand.self,
            SymmetrizeCommand.self, ShakeCommand.self, ConvertCommand.self,
            PatternCommand.self, RefineCommand.self, CompareCommand.self, MatchCommand.self,
            SpaceGroupCommand.self, ValidateCommand.self, ScanCommand.self, MapCommand.self,
            PathsCommand.self,
            StudyCommand.self,
            EnergyCommand.self, RelaxCommand.self, PredictCommand.self, DesignCommand.self,
            ModelsCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        signal(SIGINT) { _ in _exit(130) }
        do {
            var command = try WyckoffCommand.parseAsRoot()
            if var asynchronous = command as? AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let negative as NegativeAnswer {
            if !negative.reason.isEmpty { Terminal.error(negative.reason) }
            exit(1)
        } catch {
            finish(with: error)
        }
    }

    /// Help goes to standard output with status 0; everything else is bad usage or input.
    private static func finish(with error: any Error) -> Never {
        let code = WyckoffCommand.exitCode(for: error)
        if code == .success {
            print(WyckoffCommand.fullMessage(for: error))
            exit(0)
        }
        if code == ExitCode.validationFailure || error is ValidationError {
            Terminal.error(WyckoffCommand.fullMessage(for: error))
        } else if error is ExitCode {
            exit(code.rawValue)
        } else {
            Terminal.error("error: \(error)")
        }
        exit(2)
    }
}

/// The command ran to its end and the answer is "no": exit status 1.
struct NegativeAnswer: Error {
    var reason = ""
}

enum Terminal {
    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
