/// The mass density of crystals.
package enum Density {
    /// g/cm³ of one dalton in one Å³: 1.660 539 066 60 · 10⁻²⁴ g (CODATA 2018).
    package static let perDalton = 1.660_539_066_60

    /// g/cm³.
    ///
    /// - Parameters:
    ///   - mass: u, of what the volume holds.
    ///   - volume: Å³.
    package static func of(mass: Double, in volume: Double) -> Double { mass * perDalton / volume }
}

extension Occupant {
    /// u, its share of the site.
    package var mass: Double { occupancy * species.mass }
}

extension CrystalStructure {
    /// u, of the atoms of the cell.
    public var mass: Double { sites.lazy.flatMap(\.occupants).reduce(0) { $0 + $1.mass } }

    /// g/cm³.
    public var density: Double { Density.of(mass: mass, in: lattice.volume) }
}
