import Crystallography
import Parameterization

extension ReducedStructure {
    /// The same crystal in the cell of its space group's setting: this one where it is in that cell, else one site of each
    /// orbit with its images.
    var inOwnSetting: ReducedStructure {
        guard let cell, !cell.isOwnSetting else { return self }
        let sites = orbits.map { orbit in
            Site(
                label: orbit.label, occupants: orbit.occupants, position: orbit.position,
                displacement: orbit.displacement)
        }
        return ReducedStructure(
            title: title, spaceGroup: spaceGroup, lattice: lattice, asymmetricSites: sites,
            tolerance: Self.rounding)
    }

    /// Å; orbits that stand on a special position by chance alone stay general.
    private static let rounding = 1e-6
}
