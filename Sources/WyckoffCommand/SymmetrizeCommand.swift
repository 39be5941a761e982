import ArgumentParser
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
        let losses = CrystalFile.format(ofName: output).map { CrystalFile.losses(of: [record], in: $0) } ?? []
        for warning in record.warnings + losses { Terminal.error("\(file): \(warning)") }
        let target = try spaceGroup.map { try SpaceGroup.find($0) }
        let summary = try summary(record, target)
        try Terminal.print(json ? try JSONDialect.line(summary) : summary.text)
    }

    private func summary(_ record: CrystalRecord, _ target: SpaceGroup?) throws -> SymmetrizationSummary {
        let structure = record.structure
        let found: FoundSymmetry
        if let target {
            let rungs = try FileProblem.naming(file) { try SymmetryFinder.ladder(in: structure) }
            guard let rung = rungs.first(where: { $0.found.spaceGroup.number == target.number }) else {
                return try descended(structure, rungs.map(\.found), to: target)
            }
            found = rung.found
        } else {
            found = try FileProblem.naming(file) {
                try SymmetryFinder.find(in: structure, tolerance: tolerance ?? 0.01)
            }
        }
        guard let subgroup else { return try enforced(record, found, target) }
        return try lowered(record, found, to: SpaceGroup.find(subgroup))
    }

    /// A group that is on no rung, from a rung whose group contains it: of all the way that moves the atoms least.
    private func descended(
        _ structure: CrystalStructure, _ rungs: [FoundSymmetry], to target: SpaceGroup
    ) throws -> SymmetrizationSummary {
        let groups = rungs.map(\.spaceGroup.compactSymbol).joined(separator: ", ")
        guard subgroup == nil else {
            throw NegativeAnswer(
                reason:
                    "\(file): \(target) is not on the ladder, which --subgroup starts from; it holds \(groups)"
            )
        }
        var best: (found: FoundSymmetry, way: EnforcedSubgroup)?
        var failure: ReductionError?
        for found in rungs {
            do {
                for way in try EnforcedSubgroup.ways(to: target.number, of: structure, found: found)
                where way.rmsDisplacement < (best?.way.rmsDisplacement ?? .infinity) - 1e-9 {
                    best = (found, way)
                }
            } catch {
                // A rung from which the atoms do not follow is no way down; another may be.
                failure = error
            }
        }
        guard let best else {
            let reason = failure.map { "; \($0)" } ?? ""
            throw NegativeAnswer(
                reason:
                    "\(file): \(target) is not on the ladder and no subgroup of its groups; it holds \(groups)\(reason)"
            )
        }
        var summary = SymmetrizationSummary(
            file: file, output: output, best.way, ways: 1, from: best.found.spaceGroup)
        if cell == .standard, best.way.structure.spaceGroup.hallNumber == target.hallNumber {
            try CrystalFile.write(best.way.structure, to: output)
            return summary
        }
        guard cell != .keep else {
            throw FileProblem(
                file: file,
                problem: "\(target) is reached as a subgroup of \(best.found.spaceGroup), in a cell of "
                    + "its own; leave out --cell keep")
        }
        // It has the group exactly, so that any small tolerance finds the way to the cell asked for.
        let exact = best.way.structure.expanded()
        let found = try FileProblem.naming(file) {
            try SymmetryFinder.find(in: exact, tolerance: 1e-4, hallNumber: target.hallNumber)
        }
        summary.atoms = try enforced(CrystalRecord(exact), found, target).atoms
        (summary.hallNumber, summary.choice) = (target.hallNumber, target.choice)
        summary.international = target.symbol
        return summary
    }

    private func enforced(
        _ record: CrystalRecord, _ found: FoundSymmetry, _ target: SpaceGroup?
    ) throws -> SymmetrizationSummary {
        let structure = record.structure
        let choice: StandardCell =
            switch cell {
            case .keep: .keep
            case .primitive: .primitive
            case .standard:
                .setting(hallNumber: (target ?? found.spaceGroup.withOriginOnCentre).hallNumber)
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
        _ record: CrystalRecord, _ found: FoundSymmetry, to target: SpaceGroup
    ) throws -> SymmetrizationSummary {
        let isSame = found.spaceGroup.number == target.number
        if isSame, way == 1 {
            Terminal.error(
                "\(file): the structure has \(target) itself and stays in it; --way 2 and on are subgroups of the "
                    + "same type, in larger cells")
            return try enforced(record, found, nil)
        }
        let ways = try FileProblem.naming(file) {
            try EnforcedSubgroup.ways(to: target.number, of: record.structure, found: found)
        }
        let count = ways.count + (isSame ? 1 : 0)
        guard count > 0 else {
            let numbers = Set(found.spaceGroup.translationengleicheSubgroups.map(\.spaceGroup.number))
            throw FileProblem(
                file: file,
                problem:
                    "\(target) is no subgroup of \(found.spaceGroup) of those looked for; translationengleiche ones are \(numbers.sorted().map(String.init).joined(separator: ", "))"
            )
        }
        let index = way - (isSame ? 2 : 1)
        guard ways.indices.contains(index) else {
            throw FileProblem(file: file, problem: "there are \(count) ways to \(target), not \(way)")
        }
        let written = try FileProblem.naming(file) { try ways[index].structure.withOriginOnCentre() }
        try CrystalFile.write(written, to: output)
        var summary = SymmetrizationSummary(file: file, output: output, ways[index], ways: count)
        (summary.hallNumber, summary.choice) = (written.spaceGroup.hallNumber, written.spaceGroup.choice)
        return summary
    }
}
