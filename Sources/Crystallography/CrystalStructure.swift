import NumericalMethods

/// A crystal: a lattice and every atom of one cell. It states no symmetry; `Symmetry` finds it.
public struct CrystalStructure: Sendable, Hashable {
    public var title: String
    public var lattice: Lattice
    /// All atoms of the cell, in the file's order.
    public var sites: [Site]

    public init(title: String = "", lattice: Lattice, sites: [Site]) {
        self.title = title
        self.lattice = lattice
        self.sites = sites
    }

    /// Atoms of each element in the cell, weighted by occupancy.
    public var composition: [Element: Double] {
        var count: [Element: Double] = [:]
        for occupant in sites.lazy.flatMap(\.occupants) {
            count[occupant.species.element, default: 0] += occupant.occupancy
        }
        return count
    }
}
