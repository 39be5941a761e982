import Crystallography
import Parameterization
import Symmetry

/// The energy of a structure as it stands, and how it changes with the free parameters of its space group.
package struct StructureEnergy: Sendable {
    package var structure: CrystalStructure
    /// Of all atoms of the structure.
    package var evaluation: EnergyEvaluation
    /// The structure in its space group.
    package var reduced: ReducedStructure
    /// One for each parameter of `reduced`, in eV per atom and unit of the parameter.
    package var gradient: [Double]

    /// - Parameter tolerance: Å, within which the space group of the gradient is found.
    /// - Throws: what the potential throws, `SymmetryFinderError`, `ReductionError`.
    package static func evaluated(
        _ structure: CrystalStructure, by potential: any InteratomicPotential, tolerance: Double = 1e-3
    ) throws -> StructureEnergy {
        let evaluation = try potential.evaluate(structure)
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        let reduced = try ReducedStructure(reducing: structure, found)
        let slopes = try potential.evaluate(reduced).gradient(in: reduced)
        let count = Double(reduced.atoms.count)
        return StructureEnergy(
            structure: structure, evaluation: evaluation, reduced: reduced,
            gradient: slopes.map { $0 / count })
    }

    /// How long the same evaluations take.
    package struct Timing: Sendable, Hashable {
        /// All atoms of the file: energy, forces and stress.
        package var full: EvaluationTime
        /// The orbits of the space group, with the gradient in its parameters.
        package var orbits: EvaluationTime
    }

    /// Evaluates again, several times.
    package func timed(by potential: any InteratomicPotential) throws -> Timing {
        Timing(
            full: try EvaluationTime.least { _ = try potential.evaluate(structure) },
            orbits: try EvaluationTime.least { _ = try potential.evaluate(reduced).gradient(in: reduced) })
    }
}
