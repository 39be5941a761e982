import Energies
import NumericalMethods

extension EnergyEvaluation {
    /// What a calculator says, in eV and Å; three forces an atom, nine components of stress in eV/Å³.
    init(
        energy: Double, forces: UnsafePointer<Double>?, _ forceCount: Int64,
        stress: UnsafePointer<Double>?, _ stressCount: Int64, atoms: Int
    ) throws(InterfaceError) {
        guard energy.isFinite else { throw .notFinite("energy") }
        let forces = try Exchange.vectors(forces, forceCount, expected: atoms, "forces")
        let stress = try Exchange.matrix(stress, stressCount, "stress")
        let symmetric = (0.5 * Self.gigapascal) * (stress + stress.transpose)
        self.init(energy: energy, forces: forces, stress: symmetric)
    }
}
