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

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON.")
    var files: [String]

    @Option(help: ArgumentHelp(stringLiteral: PotentialCatalogue.help))
    var potential = "chgnet"

    @Option(help: "Within which the space group is found, Å.")
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
                    summary = try EnergySummary(
                        of: record.structure, file: file, name: record.name, model: model,
                        tolerance: tolerance, isTimed: timing)
                } catch {
                    throw FileProblem(
                        file: file, problem: records.count > 1 ? "\(record.name): \(error)" : "\(error)")
                }
                try Terminal.print(json ? try JSONDialect.line(summary) : Self.text(summary))
            }
        }
    }

    private static func text(_ summary: EnergySummary) -> String {
        func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        let force =
            summary.forces.map { ($0[0] * $0[0] + $0[1] * $0[1] + $0[2] * $0[2]).squareRoot() }.max() ?? 0
        let pressure = -(summary.stress[0][0] + summary.stress[1][1] + summary.stress[2][2]) / 3
        var lines = [
            "\(summary.file)  \(summary.formula)  \(summary.spaceGroup)  \(summary.potential)",
            "  energy          \(number(summary.energy, 6)) eV, \(number(summary.energyPerAtom, 6)) eV/atom",
            "  largest force   \(number(force, 6)) eV/Å",
            "  pressure        \(number(pressure, 4)) GPa",
            "  moment          \(number(summary.magneticMoments.reduce(0, +), 4)) µB, sum of magnitudes",
        ]
        for slope in summary.gradient {
            let unit = slope.unit.isEmpty ? "eV/atom" : "eV/atom/\(slope.unit)"
            lines.append(
                "  ∂E/∂\(slope.name) at \(number(slope.value, 5))  \(number(slope.derivative, 7)) \(unit)")
        }
        if let timing = summary.timing {
            lines.append(
                "  time            \(number(timing.fullMilliseconds, 3)) ms for \(summary.atoms) atoms "
                    + "(\(number(timing.elapsedMilliseconds, 3)) ms elapsed), "
                    + "\(number(timing.orbitMilliseconds, 3)) ms for \(timing.orbits) orbits")
        }
        return lines.joined(separator: "\n")
    }
}
