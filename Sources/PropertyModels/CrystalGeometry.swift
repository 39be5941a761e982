import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// Where the atoms of a crystal stand, and which of them are one orbit: what a property model sees of a structure
/// beside its elements.
public struct CrystalGeometry: Sendable {
    /// The cell.
    public var lattice: Lattice
    /// Fractional, all atoms of the cell.
    public var positions: [SIMD3<Double>]
    /// The orbit of each atom.
    public let orbits: [Int]
    /// One atom for each orbit.
    public let representatives: [Int]
    /// Atoms in each orbit.
    public let multiplicities: [Double]
    /// Operations that leave each representative in place, lattice translations included.
    let stabilizers: [[SymmetryOperation]]

    /// Each atom an orbit of its own.
    public init(_ structure: CrystalStructure) {
        lattice = structure.lattice
        positions = structure.sites.map(\.position)
        orbits = Array(positions.indices)
        representatives = orbits
        multiplicities = [Double](repeating: 1, count: positions.count)
        stabilizers = [[SymmetryOperation]](repeating: [.identity], count: positions.count)
    }

    /// The orbits of the structure's space group.
    public init(_ structure: ReducedStructure) {
        lattice = structure.lattice
        let places = structure.orbits.map(\.position)
        positions = structure.atoms.map { $0.operation.apply(to: places[$0.orbit]) }
        orbits = structure.atoms.map(\.orbit)
        var representatives = [Int](repeating: 0, count: structure.orbits.count)
        var multiplicities = [Double](repeating: 0, count: structure.orbits.count)
        for (atom, orbit) in orbits.enumerated().reversed() {
            representatives[orbit] = atom
            multiplicities[orbit] += 1
        }
        self.representatives = representatives
        self.multiplicities = multiplicities
        // The site symmetry stands at the orbit's representative; that of another atom is its conjugate.
        stabilizers = representatives.enumerated().map { orbit, atom in
            let operation = structure.atoms[atom].operation
            let symmetry = structure.orbits[orbit].siteSymmetry
            guard let inverse = operation.inverse, !symmetry.stabilizer.isEmpty else { return [.identity] }
            return symmetry.stabilizer.map { operation.combined(with: $0).combined(with: inverse) }
        }
    }
}
