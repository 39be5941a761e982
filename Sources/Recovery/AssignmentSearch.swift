import Crystallography
import Foundation
import Parameterization
import Symmetry

/// Holds ways to occupy the positions of several groups, in several cells, against the intensities.
///
/// Groups come in the order of the absences that they explain, of those that explain as many the highest symmetry
/// first; the ways of one group in the order of what the start's atoms look like (`WyckoffAssignment`). The likeliest
/// ways of all groups are tried before less likely ones of any; then more starts are given to fewer ways.
struct AssignmentSearch {
    struct Cell {
        let lattice: LatticeParameters
        let groups: [AbsenceScreen.Survivor]
    }

    let pattern: SimulatedPattern
    /// R of the joint refinement at which the search ends.
    let goal: Double
    let seed: UInt64
    /// Starts of the atom search for each way at first.
    var starts = 13
    /// Ranks of the ways of one group that are tried in one round.
    var rounds = [0..<40, 40..<300]
    /// Later passes: starts, and how many of the ways get them, the best so far first.
    var passes = [(starts: 40, ways: 60), (starts: 200, ways: 15)]
    /// What all starts together may cost, a start counted as (1 + free coordinates)²: with 7 free coordinates 1,200 ways
    /// of 13 starts, with 22 no more than 140. A count and not a time, so that a result does not depend on the machine.
    var effort = 1_000_000
    private(set) var tried = 0
    private(set) var results: [RefinedStructure] = []

    init(pattern: SimulatedPattern, goal: Double, seed: UInt64) {
        (self.pattern, self.goal, self.seed) = (pattern, goal, seed)
    }

    /// One way to occupy positions of one group in one cell.
    private struct Way {
        let structure: ReducedStructure
        let intensities: SimulatedPattern.Intensities
        var rwp = 1.0
        /// R, one per cent of it added for each free coordinate.
        var fit: Double { rwp * (1 + 0.01 * Double(structure.freeCoordinates.count)) }
    }

    /// One group in one cell and its ways, ranked when they are first asked for.
    private struct Option {
        let lattice: LatticeParameters
        let survivor: AbsenceScreen.Survivor
        var structures: [ReducedStructure]?
        var intensities: SimulatedPattern.Intensities?
    }

    mutating func callAsFunction(_ start: CrystalStructure, cells: [Cell]) throws {
        var options = cells.flatMap { cell in
            cell.groups.map { Option(lattice: cell.lattice, survivor: $0) }
        }.enumerated().sorted { a, b in
            let (x, y) = (a.element.survivor, b.element.survivor)
            if x.absent != y.absent { return x.absent > y.absent }
            return x.group.order != y.group.order ? x.group.order > y.group.order : a.offset < b.offset
        }.map(\.element)
        var ways: [Way] = []
        for round in rounds {
            for index in options.indices where effort > 0 {
                try rank(&options[index], start)
                guard let structures = options[index].structures, let intensities = options[index].intensities
                else { continue }
                for structure in structures[round.clamped(to: structures.indices)] where effort > 0 {
                    var way = Way(structure: structure, intensities: intensities)
                    tried += 1
                    if try attempt(&way, starts: starts, stream: 0) { return }
                    ways.append(way)
                }
            }
        }
        for (number, pass) in passes.enumerated() {
            ways = Array(ways.sorted { $0.fit < $1.fit }.prefix(pass.ways))
            for index in ways.indices where effort > 0 {
                if try attempt(&ways[index], starts: pass.starts, stream: UInt64(number + 1)) { return }
            }
        }
        // Nothing fits well: the best that there is.
        if results.isEmpty, let best = ways.min(by: { $0.fit < $1.fit }) {
            let candidates = try pattern.atoms(best.structure, best.intensities, starts: starts, seed: seed)
            results += try candidates.prefix(1).map { try pattern.jointly($0.structure) }
        }
    }

    /// True where the way leads to the goal.
    private mutating func attempt(_ way: inout Way, starts: Int, stream: UInt64) throws -> Bool {
        let candidates = try pattern.atoms(
            way.structure, way.intensities, starts: starts, seed: seed &+ stream)
        let size = 1 + way.structure.freeCoordinates.count
        effort -= starts * size * size
        guard let best = candidates.first else { return false }
        way.rwp = min(way.rwp, best.rwp)
        guard best.rwp < 0.05 else { return false }
        results += try pattern.jointly(candidates.filter { $0.rwp < 0.05 }, goal: goal)
        return (results.last?.rwp ?? 1) < goal
    }

    private func rank(_ option: inout Option, _ start: CrystalStructure) throws {
        guard option.structures == nil else { return }
        var placed = start
        placed.lattice = option.lattice.lattice
        var assignment = WyckoffAssignment()
        assignment.seed = seed
        assignment.kept = 40
        assignment.combined = 4000
        let found = assignment(placed, in: option.survivor.group, best: rounds.map(\.upperBound).max() ?? 0)
        option.structures = found.structures
        guard !found.structures.isEmpty else { return }
        option.intensities = try pattern.intensities(of: option.survivor.group, option.lattice.lattice)
    }
}
