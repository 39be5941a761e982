import CrystalFiles
import Crystallography
import Parameterization

extension SymmetricCIF {
    /// A reduced structure: its operations, one site of each orbit with multiplicity and Wyckoff letter.
    public init(_ structure: ReducedStructure, name: String) {
        let group = structure.spaceGroup
        let sites = structure.orbits.map { orbit in
            let position = orbit.position
            return AtomSite(
                label: orbit.label, occupants: orbit.occupants,
                position: [position.x, position.y, position.z].map { MeasuredValue($0) },
                wyckoffLetter: orbit.letter.isEmpty ? nil : orbit.letter, multiplicity: orbit.multiplicity,
                displacement: orbit.displacement)
        }
        self.init(
            name: name, lattice: structure.lattice, symbol: group.symbol, number: group.number,
            hallSymbol: group.hallSymbol, operations: group.operations, sites: sites)
    }
}
