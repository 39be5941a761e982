import ArgumentParser
import Reports
import Wyckoff

struct SymmetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "symmetry",
        abstract: "Finds the space group, Wyckoff letters and site symmetries of structures.",
        discussion: """
            --ladder lists every group that the structure shows between 1e-5 and 2 Å, each with its interval of \
            tolerance and with what enforcing it would displace.

            A file that cannot be read is reported and the others go on; the exit status is 2 then.

            Example: wyckoff symmetry POSCAR other.cif --tolerance 0.01 --ladder
            """)

    @OptionGroup var options: SymmetryOptions

    @Flag(help: "Every group between 1e-5 and 2 Å.")
    var ladder = false

    func run() throws {
        try options.answer { file, structure in
            let summary = try SymmetrySummary.found(
                in: structure, of: file, tolerance: options.tolerance, withLadder: ladder)
            return options.json ? try summary.json() : summary.text(labels: structure.sites.map(\.name))
        }
    }
}
