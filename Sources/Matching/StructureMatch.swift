import Crystallography
import Foundation
import NumericalMethods

/// The closest way to lay one crystal on another, over all bases, origins, mirror images and pairings.
///
/// The same whichever of the two is named first. Cells are compared on the mean of the two metric tensors.
/// The tolerances decide which cells are laid on one another; displacements are those of all atoms in the common
/// supercell, so that a superstructure counts however small it is. Distances are never capped: where the cells agree
/// only beyond the tolerances, the structures are compared on the correspondence of least strain, and the match is none.
public struct StructureMatch: Sendable, Hashable {
    /// Within the tolerances: cells, and the largest displacement.
    public let isMatch: Bool
    /// √⟨d²⟩ over the paired atoms at the alignment of least rms, in Å.
    public let rmsDisplacement: Double
    /// The largest displacement at that alignment, in Å.
    public let maximumDisplacement: Double
    /// The same in units of (V/N)^⅓.
    public let normalizedRMS: Double
    /// The largest displacement over (V/n)^⅓, without unit.
    public let normalizedMaximum: Double
    /// Whether the two cells agree within the length and angle tolerances.
    public let cellsAgree: Bool
    /// Atoms of the cell that the two have in common, of which the displacements are: the primitive cell where neither
    /// has a superstructure.
    public let atomCount: Int

    /// - Returns: nil where no pairing exists: the compositions differ, or a common cell would hold more than
    ///   1,000 atoms.
    public static func find(
        _ a: CrystalStructure, _ b: CrystalStructure, tolerances: MatchTolerances = MatchTolerances()
    ) -> StructureMatch? {
        find(
            MatchCandidate(a, tolerance: tolerances.primitive, settings: tolerances.search),
            MatchCandidate(b, tolerance: tolerances.primitive, settings: tolerances.search),
            tolerances: tolerances)
    }

    /// The best mapping of one prepared structure onto the other within the tolerances, nil where there is none.
    package static func find(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances = MatchTolerances()
    ) -> StructureMatch? {
        find(a, b, tolerances: tolerances, check: {})
    }

    /// The same, which ends where `check` throws; that is asked every few microseconds.
    package static func find(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances, check: () throws -> Void
    ) rethrows -> StructureMatch? {
        let averaged = MatchSearch(a, b, tolerances)
        let best = try averaged.flatMap { try StructureMatch($0, tolerances, check) }
        return try better(best, a, b, averaged, tolerances, check)
    }

    /// What is found of the averaged cells, or of those undivided where these may come nearer.
    private static func better(
        _ found: StructureMatch?, _ a: MatchCandidate, _ b: MatchCandidate, _ averaged: MatchSearch?,
        _ tolerances: MatchTolerances, _ check: () throws -> Void
    ) rethrows -> StructureMatch? {
        var best = found
        guard MatchSearch.needsUndivided(a, b, averaged, isMatch: best?.isMatch ?? false) else {
            return best
        }
        for search in MatchSearch.undivided(a, b, tolerances) {
            guard let match = try StructureMatch(search, tolerances, check) else { continue }
            best = best.map { $0.better(match) } ?? match
        }
        return best
    }

    /// The best mapping where one within the tolerances exists, nil where there is none: `isMatch`, then `find`, which is
    /// told how near the first mapping came.
    package static func findMatch(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances, check: () throws -> Void
    ) rethrows -> StructureMatch? {
        let averaged = MatchSearch(a, b, tolerances)
        guard let first = try averaged?.firstMatch(tolerances, check: check) else {
            return try isMatch(a, b, tolerances: tolerances, check: check)
                ? find(a, b, tolerances: tolerances, check: check) : nil
        }
        let best = try averaged.flatMap { try StructureMatch($0, tolerances, notAbove: first, check) }
        return try better(best, a, b, averaged, tolerances, check)
    }

    /// Of two answers about one pair the one of the lesser rms, a correspondence within the tolerances before others.
    private func better(_ other: StructureMatch) -> StructureMatch {
        let isBetter =
            other.cellsAgree != cellsAgree ? other.cellsAgree : other.normalizedRMS < normalizedRMS
        let chosen = isBetter ? other : self
        return StructureMatch(
            isMatch: isMatch || other.isMatch, rmsDisplacement: chosen.rmsDisplacement,
            maximumDisplacement: chosen.maximumDisplacement, normalizedRMS: chosen.normalizedRMS,
            normalizedMaximum: chosen.normalizedMaximum, cellsAgree: chosen.cellsAgree,
            atomCount: chosen.atomCount)
    }

    private init?(
        _ search: MatchSearch, _ tolerances: MatchTolerances, notAbove known: Double = .infinity,
        _ check: () throws -> Void
    ) rethrows {
        let within = search.mappings(tolerances)
        let cellsAgree = !within.isEmpty
        let mappings = cellsAgree ? within : search.mappingsOfLeastStrain
        guard let best = try search.closest(mappings, notAbove: known, check: check) else { return nil }
        // The alignment of least rms need not be the one of least maximum.
        let isMatch =
            try cellsAgree
            && (best.maximum <= tolerances.site || search.hasMatch(tolerances, check: check))
        self.init(
            isMatch: isMatch, rmsDisplacement: best.rms * search.unit,
            maximumDisplacement: best.maximum * search.unit, normalizedRMS: best.rms,
            normalizedMaximum: best.maximum, cellsAgree: cellsAgree, atomCount: search.count * best.cells)
    }

    /// The verdict alone, which stops at the first alignment within the tolerances.
    public static func isMatch(
        _ a: CrystalStructure, _ b: CrystalStructure, tolerances: MatchTolerances = MatchTolerances()
    ) -> Bool {
        isMatch(
            MatchCandidate(a, tolerance: tolerances.primitive, settings: tolerances.search),
            MatchCandidate(b, tolerance: tolerances.primitive, settings: tolerances.search),
            tolerances: tolerances)
    }

    /// Whether a mapping within the tolerances exists; stops at the first.
    package static func isMatch(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances = MatchTolerances()
    ) -> Bool {
        isMatch(a, b, tolerances: tolerances, check: {})
    }

    /// The same, which ends where `check` throws; that is asked every few microseconds.
    package static func isMatch(
        _ a: MatchCandidate, _ b: MatchCandidate, tolerances: MatchTolerances, check: () throws -> Void
    ) rethrows -> Bool {
        let averaged = MatchSearch(a, b, tolerances)
        if try averaged?.hasMatch(tolerances, check: check) ?? false { return true }
        guard MatchSearch.needsUndivided(a, b, averaged, isMatch: false) else { return false }
        return try MatchSearch.undivided(a, b, tolerances).contains {
            try $0.hasMatch(tolerances, check: check)
        }
    }

    private init(
        isMatch: Bool, rmsDisplacement: Double, maximumDisplacement: Double, normalizedRMS: Double,
        normalizedMaximum: Double, cellsAgree: Bool, atomCount: Int
    ) {
        (self.isMatch, self.cellsAgree, self.atomCount) = (isMatch, cellsAgree, atomCount)
        (self.rmsDisplacement, self.maximumDisplacement) = (rmsDisplacement, maximumDisplacement)
        (self.normalizedRMS, self.normalizedMaximum) = (normalizedRMS, normalizedMaximum)
    }
}
