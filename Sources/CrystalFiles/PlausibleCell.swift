import Crystallography
import NumericalMethods

/// What no crystal looks like, whatever the format: lengths in another unit, coordinates that are no fractions, an atom
/// in another one.
enum PlausibleCell {
    /// Å³ for an atom. Hydrogen under the highest pressures has more than 1; a molecule alone in a box of 40 Å has 6·10⁴.
    private static let volumes = 1.0...2e5
    /// Cells to either side of the origin: molecules that are listed whole reach a cell beyond it.
    private static let farthest = 2.0

    static func warnings(of structure: CrystalStructure) -> [ReadingWarning] {
        let atoms = structure.composition.values.reduce(0, +)
        let volume = structure.lattice.volume / atoms
        return volumes.contains(volume) || atoms <= 0 ? [] : [.cellSize(volumePerAtom: volume)]
    }

    /// Of formats that list every atom: the first that stands in another one, with occupancies that add up to more than
    /// one atom.
    static func overlaps(in structure: CrystalStructure) -> [ReadingWarning] {
        var places = OccupiedPlaces(lattice: structure.lattice)
        for (index, site) in structure.sites.enumerated() {
            let occupancy = site.occupants.reduce(0) { $0 + $1.occupancy }
            for near in places.near(site.position, within: SymmetryExpansion.shortestBond) {
                let other = structure.sites[near.index]
                let total = other.occupants.reduce(occupancy) { $0 + $1.occupancy }
                guard total > SymmetryExpansion.fullPlace else { continue }
                let distance = structure.lattice.length((near.position - site.position).nearestImage)
                return [.overlap(name(near.index, other), name(index, site), distance: distance)]
            }
            places.insert(site.position, index: index)
        }
        return []
    }

    private static func name(_ index: Int, _ site: Site) -> String {
        site.label.isEmpty ? "\(site.element?.symbol ?? "") (atom \(index + 1))" : site.label
    }

    static func isFar(_ position: SIMD3<Double>) -> Bool { farthest(position) > farthest }

    /// The largest coordinate, in cells.
    static func farthest(_ position: SIMD3<Double>) -> Double {
        max(abs(position.x), abs(position.y), abs(position.z))
    }
}
