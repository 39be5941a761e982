import Crystallography
import NumericalMethods
import Parameterization

/// How close the atoms of a structure may come before they collide: half the sum of their covalent radii, or nine
/// tenths of what the truth itself has where that is tighter.
package struct ContactLimit {
    private let share: Double

    package init(of truth: ReducedStructure, _ reach: ScanSettings.Reach = ScanSettings.Reach()) {
        share = min(reach.collisionShare, reach.ownShare * Contacts(truth).shortestShare)
    }

    /// Whether no two atoms, images in other cells included, stand closer than the limit.
    package func allows(_ structure: ReducedStructure) -> Bool { Contacts(structure).shortestShare >= share }
}
