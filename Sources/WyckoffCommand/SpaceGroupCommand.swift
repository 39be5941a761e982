import ArgumentParser
import Publishing
import Reports
import Wyckoff

struct SpaceGroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spacegroup",
        abstract:
            "Prints the table of a space group: operations, Wyckoff positions, reflection conditions, subgroups.",
        discussion: """
            Where a number or symbol leaves origin or axes open, origin choice 2 and hexagonal axes are taken; the \
            other settings are listed, and --setting or hall:NUMBER takes one.

            Examples: wyckoff spacegroup Pnma
                      wyckoff spacegroup 'P 1 21/c 1'
                      wyckoff spacegroup 227 --setting 1
                      wyckoff spacegroup 'hall:-P 2ac 2n'
            """)

    @Argument(help: "Number, Hermann–Mauguin symbol (short or full), hall:SYMBOL or hall:1–530.")
    var group: String

    @Option(help: "Origin choice, axes or cell choice: 1, 2, H, R, b1, cab, ….")
    var setting: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let report = SpaceGroupReport(try found())
        try Terminal.print(json ? try JSONDialect.line(report) : report.text)
    }

    private func found() throws -> SpaceGroup {
        let named = SpaceGroup.candidates(for: group).first
        if let setting, let number = named?.number {
            // The settings of the group, also those with another symbol.
            let settings = SpaceGroup.candidates(for: "\(number)")
            if let match = settings.first(where: { $0.choice.lowercased() == setting.lowercased() }) {
                return match
            }
            let choices = settings.map { $0.choice.isEmpty ? "''" : $0.choice }.joined(separator: ", ")
            throw ValidationError("group \(number) has no setting '\(setting)'; it has \(choices)")
        }
        if let named { return named }
        // A Hall symbol may come without its mark; a number without one is that of a group, not Hall's.
        if Int(group) == nil, let hall = SpaceGroup.candidates(for: "hall:\(group)").first { return hall }
        return try SpaceGroup.named(group)
    }
}
