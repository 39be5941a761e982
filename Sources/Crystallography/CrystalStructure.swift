import NumericalMethods

/// A crystal: a lattice and every atom of one cell. It states no symmetry; `Symmetry` finds it.
public struct CrystalStructure: Sendable, Hashable {
    /// A name for people; it decides nothing.
    public var title: String
    /// The cell that the fractional coordinates refer to.
    public var lattice: Lattice
    /// All atoms of the cell, in the file's order.
    public var sites: [Site]

    /// All sites of one cell; no symmetry is stated or assumed.
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
