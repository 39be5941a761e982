import Crystallography
import Energies
import Parameterization
import Symmetry

/// How the energy of a record is had: by which potential, as it stands or relaxed inside its group.
package struct EnergyMethod: Sendable {
    package var potential: any InteratomicPotential
    /// Inside the group that is found.
    package var relaxes: Bool
    /// Å, within which the group is found that a relaxation keeps.
    package var tolerance = 0.01
    /// Å: so far atoms may be moved for an energy "as it stands" to be computed on the orbits of the group.
    private static let standing = 1e-3
    /// Evaluations of a relaxation. Nearly all converge within 100; what has not by then lies within some meV/atom.
    private static let mostEvaluations = 300

    package init(_ potential: any InteratomicPotential, relaxes: Bool) {
        (self.potential, self.relaxes) = (potential, relaxes)
    }

    /// Under which energies are kept: those of one name can be compared.
    package var name: String { relaxes ? "\(potential.name), relaxed within \(tolerance) Å" : potential.name }

    /// An energy, or why there is none.
    package struct Answer: Sendable, Hashable {
        /// eV/atom.
        package var energy: Double?
        /// What is to be said of it: no limit reached, no such element; empty for nothing.
        package var note: String

        package init(energy: Double?, note: String = "") { (self.energy, self.note) = (energy, note) }
    }

    /// - Throws: `CancellationError`; what a structure does is in the answer.
    func energy(of structure: CrystalStructure) throws -> Answer {
        try Task.checkCancellation()
        do {
            return relaxes ? try relaxed(structure) : Answer(energy: try standing(structure))
        } catch let error as CancellationError {
            throw error
        } catch {
            return Answer(energy: nil, note: "\(error)")
        }
    }

    private func standing(_ structure: CrystalStructure) throws -> Double {
        do {
            let found = try SymmetryFinder.find(in: structure, tolerance: Self.standing)
            let reduced = try ReducedStructure(reducing: structure, found)
            return try potential.evaluate(reduced).energyPerAtom
        } catch is SymmetryFinderError {
            return try potential.evaluate(structure).energyPerAtom
        } catch is ReductionError {
            return try potential.evaluate(structure).energyPerAtom
        }
    }

    private func relaxed(_ structure: CrystalStructure) throws -> Answer {
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        var relaxation = Relaxation()
        relaxation.maximumEvaluations = Self.mostEvaluations
        let result = try relaxation.relax(try ReducedStructure(reducing: structure, found), potential) { _ in
            try Task.checkCancellation()
        }
        let note =
            result.outcome == .converged
            ? "" : "not converged after \(result.last.evaluations) evaluations"
        return Answer(energy: result.last.evaluation.energyPerAtom, note: note)
    }
}
