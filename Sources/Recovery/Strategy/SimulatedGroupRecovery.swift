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
    public func callAsFunction(
        twoTheta: [Double], intensity: [Double], start: CrystalStructure, in groups: [SpaceGroup]
    ) throws -> Result {
        let pattern = try pattern(twoTheta, intensity)
        var results: [RefinedStructure] = []
        var tried: [LatticeParameters] = []
        var count = 0
        var isExhausted = false
        var unexplained = 1.0
        for spread in cellSpreads {
            let cells = try Self.candidates(
                pattern, start: start, groups: groups, spread: spread, count: cellCandidates
            ).filter { cell in !tried.contains { $0.agrees(with: cell.lattice, within: 2e-4) } }
            tried += cells.map(\.lattice)
            var search = AssignmentSearch(
                pattern: pattern, goal: goal, seed: seed, effort: effort, unexplained: unexplained)
            search.starts = nearStarts
            search.isLast = spread == cellSpreads.last
            try search(start, cells: cells)
            count += search.tried
            results += search.results
            unexplained = search.unexplained
            isExhausted = isExhausted || search.isExhausted
            if results.contains(where: { $0.rwp < goal }) { break }
        }
        var result = try Self.result(results, cells: tried.count, assignments: count)
        result.isExhausted = isExhausted && result.rwp >= goal
        return result
    }

    /// Cells with the groups whose absences their intensities allow.
    private static func candidates(
        _ pattern: SimulatedPattern, start: CrystalStructure, groups: [SpaceGroup], spread: Double, count: Int
    ) throws(CancellationError) -> [AssignmentSearch.Cell] {
        var found: [(cell: FittedCell, groups: [SpaceGroup])] = []
        for centring in CentringClass.classes(of: groups) {
            found += try pattern.cells(
                around: start.lattice, in: centring.widest, spread: spread, count: count
            ).map { ($0, centring.groups) }
        }
        guard let best = found.map(\.cell.rwp).min() else { return [] }
        return found.filter { $0.cell.rwp < best + 0.03 }.map { cell, groups in
            AssignmentSearch.Cell(
                lattice: cell.lattice, groups: AbsenceScreen(pattern, cell.lattice)(groups))
        }
    }
}
