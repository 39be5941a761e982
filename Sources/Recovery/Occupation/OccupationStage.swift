import Crystallography
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// The second stage of a recovery: the ways in which atoms fill positions, the likeliest ones first.
package struct OccupationStage: Sendable {
    let settings: RecoverySettings.Occupation
    let seed: UInt64

    package init(settings: RecoverySettings.Occupation, seed: UInt64) {
        (self.settings, self.seed) = (settings, seed)
    }

    /// The likeliest ways to fill the positions of groups that are not told apart yet, those of likely groups first.
    ///
    /// - Parameter start: every atom of the cell.
    /// - Throws: `SkeletonError`; `CancellationError`.
    package func ways(_ start: CrystalStructure, in groups: [SpaceGroup], lattice: Lattice)
        throws -> [ReducedStructure]
    {
        let placed = CrystalStructure(title: start.title, lattice: lattice, sites: start.sites)
        let kept = groups.prefix(settings.groupsKept)
        var assignment = WyckoffAssignment(settings: settings, isFamily: true)
        assignment.seed = seed
        let ranked = assignment
        let best = max(settings.waysOfGroup, settings.ways / max(1, kept.count))
        return try WorkLimit.map(Array(kept)) { group in
            try ranked.assign(placed, in: group, best: best).structures
        }.flatMap(\.self)
    }

    /// Of many ways those that a few starts of the atoms explain best; all of few.
    ///
    /// - Parameter score: of the best minimum of so many starts; nil where there is none.
    package func sifted(
        _ ways: [ReducedStructure], progress: RecoveryProgress,
        score: @Sendable (_ way: ReducedStructure, _ starts: Int) throws -> Double?
    ) throws -> [ReducedStructure] {
        guard ways.count > settings.searched else { return ways }
        let scored = try WorkLimit.map(ways) { way in
            try score(way, settings.screeningStarts).map { (way: way, score: $0) }
        }.compactMap(\.self)
        let kept = scored.sorted { $0.score < $1.score }.prefix(settings.searched).map(\.way)
        progress("\(ways.count) ways to occupy positions, the best \(kept.count) by their intensities kept")
        return kept
    }
}
