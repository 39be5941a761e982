import ArgumentParser
import Campaigns
import Publishing

/// What a campaign is made of: its tasks and the options that they share.
struct CampaignOptions: ParsableArguments {
    @Argument(
        help:
            "A table (.csv) with a row for each task, a folder, a pattern of names in quotes, or files.",
        completion: .file())
    var manifest: [String]

    @Option(
        help: ArgumentHelp(
            "The command of all tasks that name none: \(CarriedCommand.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "command"), completion: .list(CarriedCommand.allCases.map(\.rawValue)))
    var command: String?

    @Argument(
        parsing: .postTerminator,
        help: "Options for every task, after --; what a row says itself goes before.")
    var options: [String] = []

    func validate() throws {
        if let command, CarriedCommand(rawValue: command) == nil {
            let names = CarriedCommand.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--command takes \(names), not '\(command)'")
        }
    }

    func read() throws -> CampaignManifest {
        let reading = ManifestReading(
            grammars: try CampaignGrammar.all(), command: command.flatMap(CarriedCommand.init),
            common: options,
            check: CampaignGrammar.check)
        return try reading.read(manifest)
    }
}
