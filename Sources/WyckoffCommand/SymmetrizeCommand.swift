import ArgumentParser
import Jobs
import Publishing
import Reports
import Wyckoff

struct SymmetrizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "symmetrize",
        abstract: "Enforces the symmetry that a structure nearly has, exactly.",
        discussion: """
            --cell keep leaves cell, origin, order of atoms and labels as they are; standard and primitive go to \
            the tabulated setting. --space-group takes the rung of the tolerance ladder with that group, or descends \
            to it from the rung of a group that contains it. A CIF in \
            the standard or primitive cell has the operators of that cell and one site for each orbit; with --cell keep \
            it lists what the file listed, its asymmetric unit, or all atoms in P 1.

            --subgroup enforces a subgroup of the group found and leaves alone what only the group forbids: an axis \
            outside the group is freed so. Subgroups are translationengleiche ones of any index and klassengleiche \
            ones of index 2 and 3; the structure is written in the subgroup's standard setting. A structure that has the \
            subgroup itself stays in it: that is the first way.

            Examples:
              wyckoff symmetrize relaxed.vasp --tolerance 0.1 --cell keep -o exact.vasp
              wyckoff symmetrize distorted.cif --space-group Pnma -o exact.cif
              wyckoff symmetrize BaTiO3.cif --subgroup P4mm -o polar.cif
            """)

    @Argument(help: "CIF, POSCAR, extended XYZ or JSON; the first structure.", completion: .file())
    var file: String

    @Option(
        help:
            "Å: how far atoms may be from the symmetry, what rounding leaves; relaxed structures may need 0.1. (default: 0.01)"
    )
    var tolerance: Double?

    @Option(help: "Enforce this group: number, symbol or Hall symbol.")
    var spaceGroup: String?

    @Option(help: "Enforce this subgroup of the group found: number or symbol.")
    var subgroup: String?

    @Option(help: "Which of several ways to the subgroup, counted from 1: the first has the least index.")
    var way = 1

    @Option(help: "keep, standard or primitive.")
    var cell = SymmetrizationJob.Cell.standard

    @Option(name: .shortAndLong, help: "Where to write; the suffix says the format.", completion: .file())
    var output: String

    @Flag(help: "Print what was done as one JSON object.")
    var json = false

    func validate() throws {
        if tolerance != nil, spaceGroup != nil {
            throw ValidationError("--tolerance and --space-group exclude each other; give one of them")
        }
        if let tolerance, !(tolerance > 0 && tolerance < 10) {
            throw ValidationError("--tolerance takes Å above 0 and below 10")
        }
        if subgroup != nil, cell != .standard {
            throw ValidationError("--subgroup writes the subgroup's standard cell; leave out --cell")
        }
        guard way > 0 else { throw ValidationError("--way counts from 1") }
    }

    func run() throws {
        try OutputPlace.probe(file: output, besides: [file])
        let record = try CrystalFile.readFirst(file)
        let losses = CrystalFile.format(ofName: output).map { CrystalFile.losses(of: [record], in: $0) } ?? []
        for warning in record.warnings + losses { Terminal.error("\(file): \(warning)") }
        let target: SymmetrizationJob.Target =
            try spaceGroup.map { .group(try SpaceGroup.named($0)) } ?? .found(tolerance: tolerance ?? 0.01)
        var job = SymmetrizationJob(record, file: file, to: target)
        job.subgroup = try subgroup.map { try SpaceGroup.named($0) }
        job.way = way
        job.cell = cell
        let outcome: SymmetrizationJob.Outcome
        do {
            outcome = try job.run { Terminal.error($0.text) }
        } catch let refusal as SymmetrizationJob.Refusal {
            throw NegativeAnswer(reason: refusal.description)
        }
        try outcome.write(to: output, listsOrbits: (record.declaredOperations?.count ?? 1) > 1)
        let summary = SymmetrizationSummary(outcome, file: file, output: output)
        try Terminal.print(json ? try JSONDialect.line(summary) : summary.text, beside: output)
    }
}

extension SymmetrizationJob.Cell: ExpressibleByArgument {}
