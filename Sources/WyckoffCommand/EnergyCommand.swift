import ArgumentParser
import Foundation
import Publishing
import Reports
import Wyckoff

struct EnergyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "energy",
        abstract: "Energy, forces, stress, magnetic moments, and the gradient in the free parameters.",
        discussion: """
            The gradient is that of the structure in its space group (found within --tolerance), one number for each \
            free lattice parameter and free Wyckoff coordinate, in eV per atom and unit of the parameter.

            Examples:
              wyckoff energy PbSO4.cif --json
              wyckoff energy *.cif --potential chgnet-r2scan --timing
              wyckoff energy start.vasp --potential ipi:unix:lammps     (then start the client)
            """)

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON; or folders of them.", completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp(stringLiteral: PotentialCatalogue.help), completion: CompletedValues.potentials)
    var potential = "chgnet"

    @Option(
        help:
            "Å, within which the group of the gradient is found: tight, because the energy is that of the atoms as they stand."
    )
    var tolerance = 1e-3

    @Option(
        name: [.long, .customLong("threads")],
        help:
            "Threads for a cell of some fifty atoms and more; 0: one for each core. The numbers do not depend on it."
    )
    var jobs = 0

    @Flag(help: "One JSON object for each structure, one a line.")
    var json = false

    @Flag(help: "Say how long one evaluation takes, of all atoms and of the orbits.")
    var timing = false

    func validate() throws {
        guard tolerance > 0, tolerance < 1 else { throw ValidationError("--tolerance takes 0 to 1 Å") }
        try MeantName.checkPotential(potential)
        guard jobs >= 0 else { throw ValidationError("--jobs takes a number from 0") }
        guard !files.isEmpty else { throw ValidationError("name at least one file") }
    }

    func run() throws {
        let model = try PotentialCatalogue.potential(named: potential, threads: jobs)
        try eachFile(files) { file in
            let records = try CrystalFile.read(file)
            for record in records {
                let summary: EnergySummary
                do {
                    let energy = try StructureEnergy.evaluated(
                        record.structure, by: model, tolerance: tolerance)
                    summary = EnergySummary(
                        energy, timing: timing ? try energy.timed(by: model) : nil, file: file,
                        name: record.name, potential: model.name)
                } catch {
                    throw FileProblem(
                        file: file, problem: records.count > 1 ? "\(record.name): \(error)" : "\(error)")
                }
                try Terminal.print(json ? try JSONDialect.line(summary) : summary.text)
            }
        }
    }
}
