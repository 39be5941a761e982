import Crystallography
import Parameterization
import Refinement
import Symmetry

/// Recovery from a measured pattern where the group is not known.
///
/// Each lattice centring gives a cell by positions; free intensities say which centrings, and in their cells which groups'
/// absences, the pattern allows. Of the groups that are left, the ways in which the composition fills their positions are
/// ranked by the start, the best of each held against the intensities, the best of these refined. Where groups fit
/// alike, the one with fewer free coordinates is taken: one per cent of Rwp for each.
extension PowderRecovery {
    /// - Parameters:
    ///   - pattern: restricted to the range that is to be used.
    ///   - weights: one for each point; 0 leaves a point out.
    ///   - start: all atoms of a conventional cell, on the axes and about the origin of the groups' settings.
    ///   - groups: those that it may be, of one crystal family.
    /// - Throws: `RecoveryError` where too few lines stand out, or none of the groups has a cell that explains them or
    ///   positions that the composition can fill.
    package func recover(
        _ pattern: PowderPattern, weights: [Double], start: CrystalStructure, in groups: [SpaceGroup],
        progress: @escaping Progress = { _ in }
    ) throws -> Result {
        guard let group = groups.first else { throw RecoveryError.noCell }
        let free = LatticeParameters(of: start.lattice, in: group).names.count
        let evidence = try evidence(pattern, weights: weights, atLeast: free + 1, progress: progress)
        let stage = CellStage(evidence: evidence, settings: settings.cell)
        let cells = try cells(stage, around: start.lattice, in: groups, progress: progress)
        let occupation = OccupationStage(settings: settings.occupation, seed: seed)
        // A lattice with fewer centring vectors can only have more lines and more parameters: nothing is left for it where the
        // structure leaves hardly more than the best free intensities do.
        let settled =
            settings.absences.settledFactor * (cells.map(\.cell.rwp).min() ?? 1)
            + settings.absences.settledSlack
        // Where free intensities leave more than that, so does every structure: such lattices come last.
        let order = cells.filter { $0.cell.rwp < settled } + cells.filter { $0.cell.rwp >= settled }
        var results: [Result] = []
        for centred in order {
            let left = allowed(centred, stage, progress)
            let starts = try occupation.ways(start, in: left, lattice: centred.cell.lattice.lattice)
            guard !starts.isEmpty else { continue }
            let result = try placedAndRefined(
                starts, cell: centred.cell, evidence: evidence, progress: progress)
            results.append(result)
            if result.statistics.rwpBackgroundSubtracted < settled { break }
        }
        let ranked = results.sorted { $0.isBetter(than: $1, settings.selection) }
        guard var first = ranked.first else { throw RecoveryError.noPositions }
        first.alternatives += ranked.dropFirst().flatMap { [$0.alternative] + $0.alternatives }
        first = try textured(first, pattern: pattern, weights: weights, progress: progress)
        var decided = try SymmetryDecision(
            measured: evidence, settings: settings.groups, seed: seed,
            bounds: settings.refinement.bounds, refit: refit(evidence),
            progress: progress
        ).decide(first)
        // The ways were laid into the cell that was found; what began has its own.
        if decided.start.spaceGroup == first.start.spaceGroup {
            decided.start.latticeParameters = LatticeParameters(
                of: start.lattice, in: decided.start.spaceGroup)
        }
        return decided
    }

    /// The cells of the centrings that the pattern allows, with their groups.
    private func cells(
        _ stage: CellStage<MeasuredPattern>, around start: Lattice, in groups: [SpaceGroup],
        progress: @escaping Progress
    ) throws -> [CellStage<MeasuredPattern>.Centred] {
        let cells = try stage.centred(groups, settings.absences) { widest in
            let name = widest.compactSymbol
            do {
                return [try stage.cell(around: start, in: widest, progress: { progress("\(name): \($0)") })]
            } catch is RecoveryError {
                // What a centring cannot have leaves it out of the choice.
                return []
            }
        }
        guard !cells.isEmpty else { throw RecoveryError.noCell }
        return cells
    }

    /// The groups whose absences hold, those that explain the most absences first, of these the highest symmetry.
    private func allowed(
        _ centred: CellStage<MeasuredPattern>.Centred, _ stage: CellStage<MeasuredPattern>,
        _ progress: Progress
    ) -> [SpaceGroup] {
        let left = stage.allowed(centred, settings.absences)
        let names = left.map(\.group.compactSymbol).joined(separator: ", ")
        progress("absences leave \(names) of \(centred.groups.count) groups")
        return left.sorted { ($0.absent, $0.group.order) > ($1.absent, $1.group.order) }.map(\.group)
    }
}
