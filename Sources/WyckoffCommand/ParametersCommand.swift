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

    @OptionGroup var options: SymmetryOptions

    @Flag(help: "Describe each orbit by the atom on its position's first triplet, as tables print it.")
    var firstTriplet = false

    func run() throws {
        try options.answer { file, structure in
            let summary = try ParameterSummary.found(
                in: structure, of: file, tolerance: options.tolerance,
                representative: firstTriplet ? .firstTriplet : .firstAtom)
            return options.json ? try summary.json() : summary.text
        }
    }
}
