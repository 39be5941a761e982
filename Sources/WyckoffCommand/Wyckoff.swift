import ArgumentParser

@main
struct WyckoffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wyckoff", abstract: "Crystal structures inside their symmetry.")
}
