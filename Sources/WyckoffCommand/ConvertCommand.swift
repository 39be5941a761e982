import ArgumentParser
import Wyckoff

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Converts between CIF, POSCAR, extended XYZ and JSON.",
        discussion: "Example: wyckoff convert PbSO4.cif PbSO4.vasp")

    @Argument(help: "The file to read.")
    var input: String

    @Argument(help: "The file to write; the suffix says the format.")
    var output: String

    func run() throws {
        let records = try CrystalFile.read(input)
        for warning in records.flatMap(\.warnings) { Terminal.error("\(input): \(warning)") }
        try CrystalFile.write(records, to: output)
    }
}
