import Crystallography
import NumericalMethods

/// Energies from any program that speaks the i-PI protocol as a client: ASE, LAMMPS, CP2K, DFTB+, Quantum ESPRESSO,
/// FHI-aims, Siesta.
///
/// The program must be given the same atoms in the same order. Cells are sent with a along x and b in the xy plane, as
/// LAMMPS wants them; forces and stress come back on the structure's own axes.
public struct IPIPotential: InteratomicPotential {
    /// The socket that the client is connected to.
    package let server: IPIServer
    /// The server's address.
    public var name: String { server.address.description }

    /// False: clients want a cell in the orientation of i-PI.
    public var takesAnyCell: Bool { false }

    /// A potential behind a server.
    package init(_ server: IPIServer) {
        self.server = server
    }

    /// Asks the client for energy (eV), forces (eV/Å) and stress (GPa). Throws `IPIError` where it is gone or
    /// silent.
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
