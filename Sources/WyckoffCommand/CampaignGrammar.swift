import ArgumentParser
import Campaigns
import Foundation

/// What the carried commands take, as the commands themselves say it.
enum CampaignGrammar {
    static func all() throws -> [CarriedCommand: CommandGrammar] {
        var result: [CarriedCommand: CommandGrammar] = [:]
        for command in CarriedCommand.allCases { result[command] = try grammar(type(of: command)) }
        return result
    }

    private static func type(of command: CarriedCommand) -> any ParsableCommand.Type {
        switch command {
        case .recover: RecoverCommand.self
        case .solve: SolveCommand.self
        case .refine: RefineCommand.self
        case .relax: RelaxCommand.self
        case .scan: ScanCommand.self
        case .energy: EnergyCommand.self
        case .validate: ValidateCommand.self
        case .studyRecovery: StudyRecoveryCommand.self
        case .studyLandscape: StudyLandscapeCommand.self
        }
    }

    /// Whether a task's words are such as its command takes; its files are not looked for.
    static func check(_ command: CarriedCommand, _ words: [String]) throws {
        do {
            _ = try WyckoffCommand.parseAsRoot(words)
        } catch {
            let message = WyckoffCommand.message(for: error).split(separator: "\n").first.map(String.init)
            throw CampaignError(
                nil, "\(command.rawValue): \(message ?? "cannot be read")",
                remedy: "see wyckoff \(command.rawValue) --help")
        }
    }

    private struct Dump: Decodable {
        struct Name: Decodable { var name: String }
        struct Argument: Decodable {
            var kind: String
            var isRepeating: Bool
            var names: [Name]?
            var preferredName: Name?
            var defaultValue: String?
        }
        struct Command: Decodable { var arguments: [Argument]? }
        var command: Command
    }

    private static func grammar(_ type: any ParsableCommand.Type) throws -> CommandGrammar {
        let dump = try JSONDecoder().decode(Dump.self, from: Data(type._dumpHelp().utf8))
        let named = (dump.command.arguments ?? []).filter { $0.kind != "positional" }
        var defaults: [String: String] = [:]
        let options = named.map { argument in
            let names = (argument.names ?? []).map(\.name).sorted { $0.count > $1.count }
            let first = argument.preferredName?.name ?? names.first ?? ""
            if let value = argument.defaultValue { defaults[first] = value }
            return CommandGrammar.Option(
                names: [first] + names.filter { $0 != first }, isFlag: argument.kind == "flag",
                isRepeating: argument.isRepeating)
        }
        return CommandGrammar(options: options, defaults: defaults)
    }
}
