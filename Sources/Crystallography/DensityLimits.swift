import Foundation

/// What a crystal can weigh and how much room its atoms take; beyond it a cell holds no crystal.
package struct DensityLimits: Sendable, Hashable {
    /// g/cm³. The lightest crystals are those of hydrogen, 0.087 (hcp, 4 K), and the most open frameworks, 0.12 to 0.13
    /// (NU-1301, MOF-399).
    package var lowest = 0.05
    /// g/cm³. Osmium has 22.6; compressed to 770 GPa it has some 33.
    package var highest = 40.0
    /// Å³ for each atom. Caesium has 115; open frameworks whose hydrogen atoms are not listed reach 200.
    package var largestVolumePerAtom = 250.0

    package static let standard = DensityLimits()

    package init() {}

    /// What is wrong with a crystal in one sentence; nil where its density is possible.
    package func fault(of structure: CrystalStructure) -> String? {
        let density = structure.density
        guard density >= lowest, density <= highest else {
            let value = String(format: density < 0.01 ? "%.2e" : "%.3f", density)
            return "the density, \(value) g/cm³, is not between \(lowest) and \(highest)"
        }
        let atoms = structure.sites.lazy.flatMap(\.occupants).reduce(0) { $0 + $1.occupancy }
        let room = structure.lattice.volume / atoms
        guard room <= largestVolumePerAtom else {
            return String(
                format: "each atom has %.0f Å³ to itself, more than %.0f", room, largestVolumePerAtom)
        }
        return nil
    }
}
