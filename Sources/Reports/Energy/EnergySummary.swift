import Crystallography
import Energies
import Foundation
import Parameterization
import Publishing

/// What `wyckoff energy` reports of one structure.
package struct EnergySummary: Sendable, Encodable {
    /// A free parameter of the structure in its space group, and how the energy changes with it.
    package struct Slope: Sendable, Encodable {
        package var name: String
        package var value: Double
        package var unit: String
        /// eV per atom and unit of the parameter.
        package var derivative: Double
    }

    package var file: String
    package var name: String
    package var potential: String
    package var formula: String
    package var atoms: Int
    /// eV per cell of the file.
    package var energy: Double
    /// eV.
    package var energyPerAtom: Double
    /// eV/Å, Cartesian, in the order of the file.
    package var forces: [[Double]]
    /// GPa, positive where the cell would shrink.
    package var stress: [[Double]]
    /// µB.
    package var magneticMoments: [Double]
    package var spaceGroup: SpaceGroupRow
    /// In the setting of `spaceGroup`.
    package var gradient: [Slope]
    /// Milliseconds of processor time that one evaluation takes, the least of several; null where they were not asked for.
    @ExplicitNull package var timing: Timing?

    package struct Timing: Sendable, Encodable {
        /// All atoms of the file, energy, forces and stress.
        package var fullMilliseconds: Double
        /// The same by the clock on the wall: less where several threads share a large cell.
        package var elapsedMilliseconds: Double
        /// The orbits of the space group, with the gradient in its parameters.
        package var orbitMilliseconds: Double
        package var orbits: Int
    }

    package init(
        _ energy: StructureEnergy, timing: StructureEnergy.Timing? = nil, file: String, name: String,
        potential: String
    ) {
        (self.file, self.name, self.potential) = (file, name, potential)
        let evaluation = energy.evaluation
        formula = Formula(energy.structure).conventional
        atoms = energy.structure.sites.count
        self.energy = evaluation.energy
        energyPerAtom = evaluation.energyPerAtom
        forces = evaluation.forces.map { [$0.x, $0.y, $0.z] }
        stress = (0..<3).map { row in (0..<3).map { evaluation.stress[row, $0] } }
        magneticMoments = evaluation.magneticMoments
        spaceGroup = SpaceGroupRow(energy.reduced.spaceGroup)
        gradient = zip(energy.reduced.parameters, energy.gradient).map { parameter, slope in
            Slope(
                name: parameter.name, value: parameter.value, unit: parameter.unit, derivative: slope)
        }
        self.timing = timing.map {
            Timing(
                fullMilliseconds: $0.full.processor, elapsedMilliseconds: $0.full.elapsed,
                orbitMilliseconds: $0.orbits.processor, orbits: energy.reduced.orbits.count)
        }
    }

    package var text: String {
        func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        let force =
            forces.map { ($0[0] * $0[0] + $0[1] * $0[1] + $0[2] * $0[2]).squareRoot() }.max() ?? 0
        let pressure = -(stress[0][0] + stress[1][1] + stress[2][2]) / 3
        var lines = [
            "\(file)  \(formula)  \(spaceGroup.compactSymbol)  \(potential)",
            "  energy          \(number(energy, 6)) eV, \(number(energyPerAtom, 6)) eV/atom",
            "  largest force   \(number(force, 6)) eV/Å",
            "  pressure        \(number(pressure, 4)) GPa",
            "  moment          \(number(magneticMoments.reduce(0, +), 4)) µB, sum of magnitudes",
        ]
        for slope in gradient {
            let unit = slope.unit.isEmpty ? "eV/atom" : "eV/atom/\(slope.unit)"
            lines.append(
                "  ∂E/∂\(slope.name) at \(number(slope.value, 5))  \(number(slope.derivative, 7)) \(unit)")
        }
        if let timing = timing {
            lines.append(
                "  time            \(number(timing.fullMilliseconds, 3)) ms for \(atoms) atoms "
                    + "(\(number(timing.elapsedMilliseconds, 3)) ms elapsed), "
                    + "\(number(timing.orbitMilliseconds, 3)) ms for \(timing.orbits) orbits")
        }
        return lines.joined(separator: "\n")
    }
}
