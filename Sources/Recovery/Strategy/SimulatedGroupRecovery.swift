import Crystallography
import Foundation
import Parameterization
import Symmetry

/// Recovery where the occupied positions are not known, nor perhaps the group.
///
/// Each lattice centring gives cells by positions; in these, free intensities say which groups' absences hold; all ways
/// in which the composition fills the positions of the groups that are left are ranked by the start and held against
/// the intensities, with more and more starts for fewer and fewer of them.
extension SimulatedRecovery {
    /// - Parameters:
    ///   - start: all atoms of a conventional cell, on the axes and about the origin of the groups' settings.
    ///   - groups: those that it may be; several are told apart by absences, then by fit.
    package func recover(
        twoTheta: [Double], intensity: [Double], start: CrystalStructure, in groups: [SpaceGroup]
    ) throws -> Result {
        let pattern = try pattern(twoTheta, intensity)
        let stage = CellStage(evidence: pattern, settings: settings.cell)
        var results: [ExactRefinement.Refined] = []
        var tried: [LatticeParameters] = []
        var count = 0
        var isExhausted = false
        var unexplained = 1.0
        for spread in settings.cell.spreads {
            let cells = try stage.centred(groups, settings.absences) { widest in
                try stage.cells(around: start.lattice, in: widest, spread: spread, kept: settings.cells)
            }.filter { centred in
                !tried.contains { $0.agrees(with: centred.cell.lattice, within: settings.cells.sameCell) }
            }
            tried += cells.map(\.cell.lattice)
            var search = AssignmentSearch(
                pattern: pattern, settings: settings, seed: seed,
                isLast: spread == settings.cell.spreads.last,
                unexplained: unexplained)
            try search(
                start,
                cells: cells.map {
                    AssignmentSearch.Cell(
                        lattice: $0.cell.lattice, groups: stage.allowed($0, settings.absences))
                })
            count += search.tried
            results += search.results
            unexplained = search.unexplained
            isExhausted = isExhausted || search.isExhausted
            if results.contains(where: { $0.rwp < settings.refinement.goal }) { break }
        }
        var result = try result(results, cells: tried.count, assignments: count)
        result.isExhausted = isExhausted && result.rwp >= settings.refinement.goal
        return result
    }
}
