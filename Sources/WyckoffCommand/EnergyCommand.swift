import ArgumentParser
import Foundation
import Wyckoff

struct EnergyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "energy",
        abstract: "Energy, forces, stress, magnetic moments, and the gradient in the free parameters.",
        discussion: """
            The gradient is that of the structure in its space group (found within --tolerance), one number for each \
            free lattice parameter and free Wyckoff coordinate, in eV per atom and unit of the parameter.

            Example: wyckoff energy PbSO4.cif --json
            """)

    @Argument(help: "Structures: CIF, POSCAR, extended XYZ or JSON.")
    var files: [String]

    @Option(help: "chgnet or chgnet-r2scan.")
    var potential = "chgnet"

    @Option(help: "Within which the space group is found, Å.")
    var tolerance = 1e-3

    @Flag(help: "One JSON object for each structure, one a line.")
    var json = false

    func validate() throws {
        guard tolerance > 0, tolerance < 1 else { throw ValidationError("--tolerance takes 0 to 1 Å") }
        guard !files.isEmpty else { throw ValidationError("name at least one file") }
    }

    func run() throws {
        guard let model = LearnedModel.potentials.first(where: { $0.name == potential }) else {
            throw ModelStoreError.unknownModel(potential)
        }
        let network = try CHGNet(ModelStore.standard.checkpoint(model), name: model.name)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for file in files {
            for record in try CrystalFile.read(file) {
                let summary: EnergySummary
                do {
                    summary = try EnergySummary(
                        of: record.structure, file: file, name: record.name, potential: model.name,
                        model: network, tolerance: tolerance)
                } catch {
                    throw CrystalFileError(
                        file: file, problem: "\(record.name): \(error)", remedy: "see the reason given")
                }
                if json {
                    print(String(decoding: try encoder.encode(summary), as: UTF8.self))
                } else {
                    print(Self.text(summary))
                }
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
        return lines.joined(separator: "\n")
    }
}
