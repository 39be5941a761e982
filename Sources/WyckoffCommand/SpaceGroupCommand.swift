import ArgumentParser
import Reports
import Wyckoff

struct SpaceGroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spacegroup",
        abstract:
            "Prints the table of a space group: operations, Wyckoff positions, reflection conditions, subgroups.",
        discussion: """
            Examples: wyckoff spacegroup Pnma
                      wyckoff spacegroup 227 --setting 1
                      wyckoff spacegroup 'hall:-P 2ac 2n'
            """)

    @Argument(help: "Number, Hermann–Mauguin symbol, or hall:SYMBOL.")
    var group: String

    @Option(help: "Origin choice, axes or cell choice: 1, 2, H, R, b1, cab, ….")
    var setting: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let report = SpaceGroupReport(try SpaceGroup.find(setting.map { "\(group):\($0)" } ?? group))
        print(json ? try JSONLine.text(report) : report.text)
    }
}
