import Crystallography
import NumericalMethods

extension Contacts {
    /// Of the cell that `expanded()` gives; one atom of each orbit stands for all of it.
    public init(_ structure: ReducedStructure, limits: ContactLimits = .standard) {
        self.init(structure, ownImages: true, limits: limits)
    }

    /// Between different atoms of the cell only, for a search along coordinates in a cell that stays: an atom and its
    /// own images in other cells aside.
    package init(withinCellOf structure: ReducedStructure) {
        self.init(structure, ownImages: false, limits: .standard)
    }

    private init(_ structure: ReducedStructure, ownImages: Bool, limits: ContactLimits) {
        let positions = structure.orbits.map(\.position)
        let kinds = structure.orbits.map { Atom($0.occupants, at: .zero) }
        var first = [Int?](repeating: nil, count: positions.count)
        var atoms: [Atom] = []
        atoms.reserveCapacity(structure.atoms.count)
        for (index, image) in structure.atoms.enumerated() {
            if first[image.orbit] == nil { first[image.orbit] = index }
            let position = image.operation.apply(to: positions[image.orbit])
            var atom = kinds[image.orbit]
            atom.position = structure.cell?.fromSetting(position) ?? position
            atoms.append(atom)
        }
        self.init(
            structure.expandedLattice, atoms: atoms, origins: first.compactMap { $0 }, ownImages: ownImages,
            limits: limits)
    }
}
