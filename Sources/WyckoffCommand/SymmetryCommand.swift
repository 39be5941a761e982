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

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON.")
    var files: [String]

    @Option(help: "Å; atoms and lattice may deviate so far from the symmetry.")
    var tolerance = 0.01

    @Flag(help: "Every group between 1e-5 and 2 Å.")
    var ladder = false

    @Flag(help: "One JSON object a line for each file.")
    var json = false

    func validate() throws {
        guard tolerance > 0, tolerance < 10 else {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
    }

    func run() throws {
        try eachFile(files) { file in
            let record = try CrystalFile.readFirst(file)
            let summary = try SymmetrySummary(
                file: file, structure: record.structure, tolerance: tolerance, withLadder: ladder)
            for warning in record.warnings { Terminal.error("\(file): \(warning)") }
            try Terminal.print(
                json ? try summary.json() : summary.text(labels: record.structure.sites.map(\.name)))
        }
    }
}
