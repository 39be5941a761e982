import Crystallography
import Parameterization
import Symmetry

/// The energy of a structure as it stands, and how it changes with the free parameters of its space group.
public struct StructureEnergy: Sendable {
    public var structure: CrystalStructure
    /// Of all atoms of the structure.
    public var evaluation: EnergyEvaluation
    /// The structure in its space group.
    public var reduced: ReducedStructure
    /// One for each parameter of `reduced`, in eV per atom and unit of the parameter.
    public var gradient: [Double]

    /// - Parameter tolerance: Å, within which the space group of the gradient is found.
    /// - Throws: what the potential throws, `SymmetryFinderError`, `ReductionError`.
    public static func evaluated(
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
    public struct Timing: Sendable, Hashable {
        /// All atoms of the file: energy, forces and stress.
        public var full: EvaluationTime
        /// The orbits of the space group, with the gradient in its parameters.
        public var orbits: EvaluationTime
    }

    /// Evaluates again, several times.
    public func timed(by potential: any InteratomicPotential) throws -> Timing {
        Timing(
            full: try EvaluationTime.least { _ = try potential.evaluate(structure) },
            orbits: try EvaluationTime.least { _ = try potential.evaluate(reduced).gradient(in: reduced) })
    }
}
