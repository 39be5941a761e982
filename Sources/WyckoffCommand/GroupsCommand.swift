import ArgumentParser
import Foundation
import Jobs
import Publishing
import Reports
import Wyckoff

struct GroupsCommand: ParsableCommand, FolderWriting {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract:
            "Ranks the extinction symbols of a measured pattern whose cell is known, with probabilities.",
        discussion: """
            What a powder pattern can tell of the space group is its extinction symbol: which lines are absent. Free \
            intensities of all lines of the cell are fitted with their whole correlation; every symbol that the cell's \
            axes allow is weighed by its marginal likelihood (Markvardsen et al. 2001). Printed are the symbols, their \
            groups in the settings of these axes, and the lines that speak for and against each condition of the first.

            --cell takes as many numbers as the lattice leaves free: a, a,c (with --lattice), a,b,c, a,b,c,beta or all \
            six; b is the unique axis of a monoclinic cell unless another angle is oblique. Without --lattice the highest \
            family is taken that the numbers allow, and the pattern decides on the centring; with it the centring is that \
            lattice's.

            Exit status 0 where the first symbol has 0.9 or more, 1 where none has.

            Examples:
              wyckoff groups pbso4-x.dat --cell 8.48,5.40,6.96 --range 15:120
              wyckoff groups quartz.xye --cell 4.913,5.405 --lattice hP -o quartz-groups
              wyckoff groups p.xy --cell 7.2,9.1,5.6,101.3 --wavelength CuKa1 --json
            """)

    @Argument(help: "The measured pattern, any format that wyckoff reads.", completion: .file())
    var pattern: String

    @Option(help: ArgumentHelp("The cell, Å and degrees.", valueName: "a,b,c,α,β,γ"))
    var cell: String

    @Option(
        help: ArgumentHelp(
            "Its Bravais type: cF, cI, cP, hR, hP, tI, tP, oF, oI, oC, oP, mC, mP, aP.", valueName: "type"),
        completion: CompletedValues.lattices)
    var lattice: String?

    @OptionGroup var illumination: IlluminationOptions

    @Option(
        name: .shortAndLong,
        help: "Directory for groups.json, groups.html and the picture; made if it is not there.",
        completion: .directory)
    var output: String?

    @Flag(help: "Print one JSON object instead of tables.")
    var json = false

    @Flag(help: "No progress on standard error.")
    var quiet = false

    func validate() throws { _ = try CellOption(cell, lattice: lattice) }

    var resultFolder: String? { output }

    func run() throws {
        if let output { try AtomicFile.probe(folder: output) }
        let axes = try CellOption(cell, lattice: lattice).axes
        let job = GroupsJob(try illumination.measurement(of: pattern), axes: axes)
        let progress = ProgressLine(isShown: !quiet)
        let outcome = try job.run { progress.show($0) }
        progress.clear()
        let report = GroupsReport(outcome, pattern: pattern, command: Invocation.footer)
        if lattice == nil, !quiet {
            Terminal.error("no --lattice: \(axes.family.rawValue), the highest that the cell's numbers allow")
        }
        try Terminal.print(json ? try report.summary.json() : report.summary.text) {
            guard let output else { return }
            for trouble in try report.write(to: AtomicFile.directory(output)) {
                Terminal.warning("the pattern is not drawn: \(trouble)")
            }
        }
        if !outcome.isDecided { throw NegativeAnswer() }
    }
}
