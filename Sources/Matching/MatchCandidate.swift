import Crystallography
import Foundation
import NumericalMethods

/// A crystal prepared for matching: its reduced primitive cell. Prepare once what is compared often.
package struct MatchCandidate: Sendable {
    /// Averaged over the translations that the tolerance allows.
    package var primitive: CrystalStructure { reduction.structure }
    let structure: CrystalStructure
    let reduction: PrimitiveReduction
    /// What the average leaves out.
    let superstructure: Superstructure?

    /// Prepares a structure for many comparisons; `tolerance` in Å finds its primitive cell.
    package init(_ structure: CrystalStructure, tolerance: Double = MatchTolerances().primitive) {
        self.init(structure, PrimitiveReduction(structure).further(tolerance: tolerance))
    }

    private init(_ structure: CrystalStructure, _ reduction: PrimitiveReduction) {
        self.structure = structure
        self.reduction = reduction
        superstructure = Superstructure(of: structure, averaged: reduction)
    }

    /// Divided on at a larger tolerance.
    func further(tolerance: Double) -> MatchCandidate {
        let further = reduction.further(tolerance: tolerance)
        return further.structure.sites.count < primitive.sites.count
            ? MatchCandidate(structure, further) : self
    }

    /// Atoms that are merged in a cell that is compared as it stands are no farther apart than this, in Å.
    private static let rounding = 1e-3

    /// The cell that has nothing beyond it.
    var undivided: CrystalStructure {
        superstructure == nil ? primitive : structure.primitive(tolerance: Self.rounding)
    }
}
