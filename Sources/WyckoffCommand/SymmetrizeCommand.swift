import ArgumentParser
import Wyckoff

struct SymmetrizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "symmetrize",
        abstract: "Enforces the symmetry that a structure nearly has, exactly.",
        discussion: """
            --cell keep leaves cell, origin, order of atoms and labels as they are; standard and primitive go to \
            the tabulated setting. --space-group takes the rung of the tolerance ladder with that group.

            Example: wyckoff symmetrize relaxed.vasp --tolerance 0.1 --cell keep -o exact.vasp
            """)

    enum Cell: String, ExpressibleByArgument { case keep, standard, primitive }

    @Argument(help: "CIF, POSCAR, extended XYZ or JSON; the first structure.")
    var file: String

    @Option(help: "Å: how far atoms may be from the symmetry.")
    var tolerance: Double?

    @Option(help: "Enforce this group: number, symbol or Hall symbol.")
    var spaceGroup: String?

    @Option(help: "keep, standard or primitive.")
    var cell = Cell.standard

    @Option(name: .shortAndLong, help: "Where to write; the suffix says the format.")
    var output: String

    func validate() throws {
        if tolerance != nil, spaceGroup != nil {
            throw ValidationError("--tolerance and --space-group exclude each other; give one of them")
        }
    }

    func run() throws {
        let structure = try CrystalFile.readFirst(file).structure
        let target = try spaceGroup.map { try SpaceGroup.find($0) }
        let found = try named(file) {
            guard let target else {
                return try SymmetryFinder.find(in: structure, tolerance: tolerance ?? 0.01)
            }
            let rungs = try SymmetryFinder.ladder(in: structure)
            guard let rung = rungs.first(where: { $0.found.spaceGroup.number == target.number }) else {
                let groups = rungs.map(\.found.spaceGroup.compactSymbol).joined(separator: ", ")
                throw NegativeAnswer(
                    reason: "\(file): \(target) is not on the ladder; it holds \(groups)")
            }
            return rung.found
        }
        let choice: StandardCell =
            switch cell {
            case .keep: .keep
            case .primitive: .primitive
            case .standard: target.map { .setting(hallNumber: $0.hallNumber) } ?? .standard
            }
        let result = try named(file) { try SymmetryFinder.standardize(structure, found, cell: choice) }
        try CrystalFile.write(result.structure, to: output)
        Terminal.error(
            "\(result.spaceGroup): atoms moved by up to \(result.maxDisplacement) Å, strain \(result.strain)")
    }
}
