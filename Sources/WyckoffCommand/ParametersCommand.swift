import ArgumentParser
import Reports
import Wyckoff

struct ParametersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parameters",
        abstract: "Lists the free parameters that a structure's symmetry leaves.",
        discussion: """
            Lattice parameters of the crystal family, then the free Wyckoff coordinates, named by site and \
            coordinate. Shifts along polar axes only choose the origin and are not counted; the list says which \
            coordinates are held for it. A cell that is in no table (super, primitive, sheared) gets the parameters of \
            its conventional cell, and the list says so ("cell" in the JSON: file or conventional).

            Example: wyckoff parameters quartz.cif
            """)

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON.")
    var files: [String]

    @Option(help: "Å; at which the symmetry is found and enforced.")
    var tolerance = 0.01

    @Flag(help: "Describe each orbit by the atom on its position's first triplet, as tables print it.")
    var firstTriplet = false

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
            for warning in record.warnings { Terminal.error("\(file): \(warning)") }
            let summary = try ParameterSummary(
                file: file, structure: record.structure, tolerance: tolerance,
                representative: firstTriplet ? .firstTriplet : .firstAtom)
            try Terminal.print(json ? try summary.json() : summary.text)
        }
    }
}
