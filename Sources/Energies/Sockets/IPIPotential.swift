import Crystallography
import NumericalMethods

/// Energies from any program that speaks the i-PI protocol as a client: ASE, LAMMPS, CP2K, DFTB+, Quantum ESPRESSO,
/// FHI-aims, Siesta.
///
/// The program must be given the same atoms in the same order. Cells are sent with a along x and b in the xy plane, as
/// LAMMPS wants them; forces and stress come back on the structure's own axes.
public struct IPIPotential: InteratomicPotential {
    public let server: IPIServer
    public var name: String { server.address.description }

    public var takesAnyCell: Bool { false }

    public init(_ server: IPIServer) {
        self.server = server
    }

    public func evaluate(_ structure: CrystalStructure) throws -> EnergyEvaluation {
        guard !structure.sites.isEmpty else { throw EnergyError.noAtoms }
        let vectors = structure.lattice.vectors
        let sent = Lattice(metric: structure.lattice.metric)
        // r_sent = r · turn.
        let turn = vectors.inverse * sent.vectors
        let answer = try server.evaluate(
            cell: sent.vectors, positions: structure.sites.map { sent.cartesian($0.position) })
        let back = turn.transpose
        let stress = (-EnergyEvaluation.gigapascal / sent.volume) * answer.virial
        return EnergyEvaluation(
            energy: answer.energy, forces: answer.forces.map { $0 * back }, stress: turn * stress * back)
    }
}
