import ArgumentParser
import Reports
import Wyckoff

struct SymmetrizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "symmetrize",
        abstract: "Enforces the symmetry that a structure nearly has, exactly.",
        discussion: """
            --cell keep leaves cell, origin, order of atoms and labels as they are; standard and primitive go to \
            the tabulated setting. --space-group takes the rung of the tolerance ladder with that group. A CIF in \
            the standard or primitive cell has the operators of that cell and one site for each orbit; with --cell keep \
            it lists what the file listed, its asymmetric unit, or all atoms in P 1.

            --subgroup enforces a subgroup of the group found and leaves alone what only the group forbids: an axis \
            outside the group is freed so. Subgroups are translationengleiche ones of any index and klassengleiche \
            ones of index 2 and 3; the structure is written in the subgroup's standard setting.

            Examples:
              wyckoff symmetrize relaxed.vasp --tolerance 0.1 --cell keep -o exact.vasp
              wyckoff symmetrize distorted.cif --space-group Pnma -o exact.cif
              wyckoff symmetrize BaTiO3.cif --subgroup P4mm -o polar.cif
            """)

    enum Cell: String, ExpressibleByArgument { case keep, standard, primitive }

    @Argument(help: "CIF, POSCAR, extended XYZ or JSON; the first structure.")
    var file: String

    @Option(help: "Å: how far atoms may be from the symmetry. (default: 0.01)")
    var tolerance: Double?

    @Option(help: "Enforce this group: number, symbol or Hall symbol.")
    var spaceGroup: String?

    @Option(help: "Enforce this subgroup of the group found: number or symbol.")
    var subgroup: String?

    @Option(help: "Which of several ways to the subgroup, counted from 1: the first has the least index.")
    var way = 1

    @Option(help: "keep, standard or primitive.")
    var cell = Cell.standard

    @Option(name: .shortAndLong, help: "Where to write; the suffix says the format.")
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
        try AtomicFile.probe(file: output)
        let record = try CrystalFile.readFirst(file)
        for warning in record.warnings { Terminal.error("\(file): \(warning)") }
        let structure = record.structure
        let target = try spaceGroup.map { try SpaceGroup.find($0) }
        let found = try symmetry(of: structure, target)
        let summary =
            try subgroup.map { try lowered(structure, found, to: SpaceGroup.find($0)) }
            ?? enforced(record, found, target)
        try Terminal.print(json ? try JSONLine.text(summary) : summary.text)
    }

    private func symmetry(of structure: CrystalStructure, _ target: SpaceGroup?) throws -> FoundSymmetry {
        guard let target else {
            return try FileProblem.naming(file) {
                try SymmetryFinder.find(in: structure, tolerance: tolerance ?? 0.01)
            }
        }
        let rungs = try FileProblem.naming(file) { try SymmetryFinder.ladder(in: structure) }
        guard let rung = rungs.first(where: { $0.found.spaceGroup.number == target.number }) else {
            let groups = rungs.map(\.found.spaceGroup.compactSymbol).joined(separator: ", ")
            throw NegativeAnswer(reason: "\(file): \(target) is not on the ladder; it holds \(groups)")
        }
        return rung.found
    }

    private func enforced(
        _ record: CrystalRecord, _ found: FoundSymmetry, _ target: SpaceGroup?
    ) throws -> SymmetrizationSummary {
        let structure = record.structure
        let choice: StandardCell =
            switch cell {
            case .keep: .keep
            case .primitive: .primitive
            case .standard: target.map { .setting(hallNumber: $0.hallNumber) } ?? .standard
            }
        let (result, reduced) = try FileProblem.naming(file) {
            (
                try SymmetryFinder.standardize(structure, found, cell: choice),
                try ReducedStructure(reducing: structure, found)
            )
        }
        let listsOrbits = (record.declaredOperations?.count ?? 1) > 1
        if cell == .keep, !listsOrbits {
            try CrystalFile.write(result.structure, to: output)
        } else {
            try CrystalFile.write(result, enforcing: found, cell: choice, to: output)
        }
        return SymmetrizationSummary(
            file: file, output: output, cell: cell.rawValue, result,
            degreesOfFreedom: reduced.degreesOfFreedom)
    }

    private func lowered(
        _ structure: CrystalStructure, _ found: FoundSymmetry, to target: SpaceGroup
    ) throws -> SymmetrizationSummary {
        let ways = try FileProblem.naming(file) {
            try EnforcedSubgroup.ways(to: target.number, of: structure, found: found)
        }
        guard !ways.isEmpty else {
            let numbers = Set(found.spaceGroup.translationengleicheSubgroups.map(\.spaceGroup.number))
            throw FileProblem(
                file: file,
                problem:
                    "\(target) is no subgroup of \(found.spaceGroup) of those looked for; translationengleiche ones are \(numbers.sorted().map(String.init).joined(separator: ", "))"
            )
        }
        guard ways.indices.contains(way - 1) else {
            throw FileProblem(file: file, problem: "there are \(ways.count) ways to \(target), not \(way)")
        }
        try CrystalFile.write(ways[way - 1].structure, to: output)
        return SymmetrizationSummary(file: file, output: output, ways[way - 1], ways: ways.count)
    }
}
