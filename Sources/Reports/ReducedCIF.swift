import CrystalFiles
import Crystallography
import Parameterization

extension SymmetricCIF {
    /// A reduced structure: its operations, one site of each orbit with multiplicity and Wyckoff letter.
    public init(_ structure: ReducedStructure, name: String) {
        let group = structure.spaceGroup
        let sites = structure.orbits.map { orbit in
            var site = AtomSite(
                Site(
                    label: orbit.label, occupants: orbit.occupants, position: orbit.position,
                    displacement: orbit.displacement))
            site.wyckoffLetter = orbit.letter.isEmpty ? nil : orbit.letter
            site.multiplicity = orbit.multiplicity
            return site
        }
        self.init(
            name: name, lattice: structure.lattice, symbol: group.symbol, number: group.number,
            hallSymbol: group.hallSymbol, operations: group.operations, sites: sites)
    }
}
