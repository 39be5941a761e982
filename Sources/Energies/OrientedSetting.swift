import Crystallography
import Parameterization

extension ReducedStructure {
    /// The setting's lattice, turned as the cell of `expanded()` is: what operations act on in that cell's Cartesian axes.
    package var orientedSetting: Lattice { cell?.settingLattice(of: expandedLattice) ?? lattice }

    /// How many atoms of each orbit the cell of `expanded()` holds.
    package var atomsPerOrbit: [Int] {
        var counts = [Int](repeating: 0, count: orbits.count)
        for atom in atoms { counts[atom.orbit] += 1 }
        return counts
    }
}
