import ArgumentParser
import Foundation
import Publishing
import Reports
import Wyckoff

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Converts between CIF, POSCAR, extended XYZ and JSON.",
        discussion: """
            Every structure of the input is written, all atoms of its cell; a CIF that declares symmetry keeps its \
            operators and asymmetric sites when it becomes a CIF again. What a format cannot hold is an error where it \
            would change the crystal (a shared site in a POSCAR), else a warning (energies, forces, displacements).

            Examples:
              wyckoff convert PbSO4.cif PbSO4.vasp
              wyckoff convert trajectory.extxyz frames.jsonl --json
              wyckoff convert PbSO4.cif --format vasp - | less
            """)

    @Argument(help: "The file to read.", completion: .file())
    var input: String

    @Argument(
        help: "The file to write; the suffix says the format. - is standard output.", completion: .file())
    var output: String

    @Option(
        help: "cif, vasp, extxyz, json or jsonl, whatever the output's name. - as input is standard input.",
        completion: .list(["cif", "vasp", "extxyz", "json", "jsonl"]))
    var format: String?

    @Flag(help: "Print what was written as one JSON object.")
    var json = false

    func validate() throws {
        if let format, CrystalFile.format(ofName: "x.\(format)") == nil {
            throw ValidationError("--format takes cif, vasp, extxyz, json or jsonl, not '\(format)'")
        }
        if output == "/dev/stdin" || output == "/dev/stdout", format == nil {
            throw ValidationError("standard output has no name that tells a format; give --format cif")
        }
    }

    /// The second `-` is where it goes.
    private var place: String { output == "/dev/stdin" ? "/dev/stdout" : output }

    func run() throws {
        let output = place
        let isFilter = output == "/dev/stdout"
        if isFilter { signal(SIGPIPE, SIG_DFL) }
        let chosen = CrystalFile.format(ofName: format.map { "x.\($0)" } ?? output)
        try OutputPlace.probe(file: output, besides: [input])
        let records = try CrystalFile.read(input)
        let losses = chosen.map { CrystalFile.losses(of: records, in: $0) } ?? []
        let warnings = records.flatMap(\.warnings) + losses
        for warning in warnings { Terminal.error("\(input): \(warning)") }
        try CrystalFile.write(records, to: output, format: chosen)
        let summary = ConversionSummary(
            file: input, output: output, records.map(\.structure), warnings: warnings)
        if json {
            let line = try JSONDialect.line(summary)
            // The structure stands alone where a reader waits for it.
            if isFilter { Terminal.error(line) } else { try Terminal.print(line) }
        } else {
            let atoms = summary.atoms.reduce(0, +)
            Terminal.error("\(output): \(records.count) structures, \(atoms) atoms")
        }
    }
}
