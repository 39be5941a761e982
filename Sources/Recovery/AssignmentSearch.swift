import Crystallography
import Foundation
import Parameterization
import Symmetry

/// Holds ways to occupy the positions of several groups, in several cells, against the intensities.
///
/// The ways come ranked by what the start's atoms look like (`WyckoffAssignment`), with a bonus for every absence that
/// the group explains. Passes over them give more and more starts to fewer and fewer.
struct AssignmentSearch {
    struct Cell {
        let lattice: LatticeParameters
        let groups: [AbsenceScreen.Survivor]
    }

    struct Pass {
        /// Starts of the atom search for each way.
        var starts: Int
        /// Ways that get them, the best so far first.
        var ways: Int
    }

    let pattern: SimulatedPattern
    /// R of the joint refinement at which the search ends.
    let goal: Double
    let seed: UInt64
    var passes = [Pass(starts: 13, ways: 400), Pass(starts: 40, ways: 60), Pass(starts: 200, ways: 15)]
    /// Ways of one group that are ranked at all.
    var waysOfGroup = 300
    /// What an absence that a group explains is worth, in units of twice the log-likelihood.
    var absenceBonus = 4.0
    private(set) var tried = 0
    private(set) var results: [RefinedStructure] = []

    init(pattern: SimulatedPattern, goal: Double, seed: UInt64) {
        (self.pattern, self.goal, self.seed) = (pattern, goal, seed)
    }

    private struct Way {
        let structure: ReducedStructure
        let intensities: SimulatedPattern.Intensities
        let score: Double
        var rwp = 1.0
        /// By R, with one per cent for each free coordinate.
        var fit: Double { rwp * (1 + 0.01 * Double(structure.freeCoordinates.count)) }
    }

    mutating func callAsFunction(_ start: CrystalStructure, cells: [Cell]) throws {
        var ways = try ranked(start, cells: cells)
        for (number, pass) in passes.enumerated() {
            if number > 0 { ways.sort { $0.fit < $1.fit } }
            ways = Array(ways.prefix(pass.ways))
            for index in ways.indices {
                let candidates = try pattern.atoms(
                    ways[index].structure, ways[index].intensities,
                    starts: pass.starts, seed: seed &+ UInt64(number))
                tried += number == 0 ? 1 : 0
                guard let best = candidates.first else { continue }
                ways[index].rwp = min(ways[index].rwp, best.rwp)
                guard best.rwp < 0.05 else { continue }
                results += try pattern.jointly(candidates.filter { $0.rwp < 0.05 }, goal: goal)
                if let last = results.last, last.rwp < goal { return }
            }
        }
        // Nothing fits well: the best that there is.
        if results.isEmpty, let best = ways.first {
            let candidates = try pattern.atoms(
                best.structure, best.intensities, starts: passes.last?.starts ?? 1, seed: seed)
            results += try candidates.prefix(1).map { try pattern.jointly($0.structure) }
        }
    }

    private func ranked(_ start: CrystalStructure, cells: [Cell]) throws -> [Way] {
        var ways: [Way] = []
        for cell in cells {
            var placed = start
            placed.lattice = cell.lattice.lattice
            let fewest = cell.groups.map(\.absent).max() ?? 0
            for survivor in cell.groups {
                var assignment = WyckoffAssignment()
                assignment.seed = seed
                assignment.kept = 40
                assignment.combined = 4000
                let found = assignment(placed, in: survivor.group, best: waysOfGroup)
                guard !found.structures.isEmpty else { continue }
                let intensities = try pattern.intensities(of: survivor.group, cell.lattice.lattice)
                for (structure, score) in zip(found.structures, found.scores) {
                    ways.append(
                        Way(
                            structure: structure, intensities: intensities,
                            score: score + absenceBonus * Double(fewest - survivor.absent)))
                }
            }
        }
        return ways.sorted { $0.score < $1.score }
    }
}
