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
    private let settings: MatchSettings

    /// Prepares a structure for many comparisons; `tolerance` in Å finds its primitive cell.
    package init(
        _ structure: CrystalStructure, tolerance: Double = MatchTolerances().primitive,
        settings: MatchSettings = MatchSettings()
    ) {
        self.init(structure, PrimitiveReduction(structure).further(tolerance: tolerance), settings)
    }

    private init(
        _ structure: CrystalStructure, _ reduction: PrimitiveReduction, _ settings: MatchSettings
    ) {
        self.structure = structure
        self.reduction = reduction
        self.settings = settings
        superstructure = Superstructure(
            of: structure, averaged: reduction, rounding: settings.superstructure)
    }

    /// Divided on at a larger tolerance.
    func further(tolerance: Double) -> MatchCandidate {
        let further = reduction.further(tolerance: tolerance)
        return further.structure.sites.count < primitive.sites.count
            ? MatchCandidate(structure, further, settings) : self
    }

    /// The cell that has nothing beyond it: the averaged one, but of a superstructure its own.
    package var undivided: CrystalStructure {
        superstructure == nil ? primitive : structure.primitive(tolerance: settings.undivided)
    }
}
