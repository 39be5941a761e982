import Crystallography
import Diffraction
import Foundation
import Parameterization
import Symmetry

/// Holds ways to occupy the positions of several groups, in several cells, against the intensities.
///
/// Groups come in the order of the absences that they explain, of those that explain as many the highest symmetry
/// first; the ways of one group in the order of what the start's atoms look like (`WyckoffAssignment`). The likeliest
/// ways are tried as they stand. Where none of them fits, all ways are held against the lines at low angles with short
/// descents from anywhere, ways that differ by another choice of origin or axes once (`LetterPermutations`); the best of
/// these get more and more starts.
struct AssignmentSearch {
    struct Cell {
        let lattice: LatticeParameters
        let groups: [AbsenceScreen.Survivor]
    }

    /// A later pass: starts of each way, or of one with many coordinates, which hops; how many of the ways get them, the
    /// best so far first.
    struct Pass {
        let starts: Int
        let hops: Int
        let ways: Int
    }

    let pattern: SimulatedPattern
    /// R of the joint refinement at which the search ends.
    let goal: Double
    let seed: UInt64
    /// Starts of the atom search for each way at first.
    var starts = 13
    /// Likeliest ways of each group in each cell that are tried before all are screened.
    var likeliest = 40
    /// Ways of one group in one cell that are screened.
    var screened = 8000
    var passes = [
        Pass(starts: 13, hops: 60, ways: 300), Pass(starts: 40, hops: 250, ways: 60),
        Pass(starts: 200, hops: 1000, ways: 15),
    ]
    /// What all starts together may cost, a start counted as (1 + free coordinates)². A count and not a time, so that a
    /// result does not depend on the machine.
    var effort: Double
    /// R of what no intensities explain, above which a cell is no answer while there are others to come.
    var hopeless = 0.15
    /// Whether no other cells are to come.
    var isLast = true
    /// True where the search ended because `effort` was spent.
    private(set) var isExhausted = false
    private(set) var tried = 0
    private(set) var results: [RefinedStructure] = []
    /// The least that any cell leaves unexplained by free intensities, as an R.
    private(set) var unexplained: Double

    init(pattern: SimulatedPattern, goal: Double, seed: UInt64, effort: Double, unexplained: Double = 1) {
        (self.pattern, self.goal, self.seed) = (pattern, goal, seed)
        (self.effort, self.unexplained) = (effort, unexplained)
    }

    /// One way to occupy positions of one group in one cell.
    private struct Way {
        let option: Int
        let index: Int
        var rwp = 1.0
        /// Of its low angles alone, coordinates counted as in Schwarz's criterion.
        var lowScore = Double.infinity
        var free = 0
        var fit: Double { ParameterPenalty.score(rwp, parameters: free) }
    }

    /// One group in one cell and its ways, ranked when they are first asked for.
    private struct Option {
        let lattice: LatticeParameters
        let survivor: AbsenceScreen.Survivor
        var ways: WyckoffAssignment.Ways?
        var intensities: SimulatedPattern.Intensities?
        /// √ of what no intensities explain.
        var unexplained = 1.0
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
        for index in options.indices where isOpen {
            guard try prepare(&options[index], start), let all = options[index].ways else { continue }
            for number in all.indices.prefix(likeliest) where isOpen {
                let structure = all.structure(number)
                var way = Way(option: index, index: number, free: structure.freeCoordinates.count)
                tried += 1
                if try attempt(&way, structure, options[index], starts: starts, stream: 0) { return }
                ways.append(way)
            }
        }
        let plausible = plausible(options)
        ways.removeAll { !plausible.contains($0.option) }
        for index in plausible where isOpen { ways = try screened(ways, options[index], index) }
        // The best by their low angles are held against everything once; from then on that decides.
        ways.sort { ($0.lowScore, $0.fit) < ($1.lowScore, $1.fit) }
        for (number, pass) in passes.enumerated() {
            ways = Array(ways.prefix(pass.ways))
            for index in ways.indices where isOpen {
                let option = options[ways[index].option]
                guard let structure = option.ways?.structure(ways[index].index) else { continue }
                let count = ways[index].free < 12 ? pass.starts : pass.hops
                if number == 0 { ways[index].rwp = 1 }
                if try attempt(&ways[index], structure, option, starts: count, stream: UInt64(number + 1)) {
                    return
                }
            }
            ways.sort { $0.fit < $1.fit }
        }
        // Nothing fits well: the best that there is.
        if results.isEmpty, let best = ways.min(by: { $0.fit < $1.fit }),
            let structure = options[best.option].ways?.structure(best.index),
            let intensities = options[best.option].intensities
        {
            let candidates = try pattern.atoms(structure, intensities, starts: starts, seed: seed)
            results += try candidates.prefix(1).map { try pattern.jointly($0.structure) }
        }
    }

    private var isOpen: Bool { effort > 0 }

    private mutating func spend(_ cost: Double) {
        effort -= cost
        if effort <= 0 { isExhausted = true }
    }

    /// True where the way leads to the goal.
    private mutating func attempt(
        _ way: inout Way, _ structure: ReducedStructure, _ option: Option, starts: Int, stream: UInt64
    ) throws -> Bool {
        guard let intensities = option.intensities else { return false }
        let candidates = try pattern.atoms(
            structure, intensities, starts: starts, near: stream == 0 ? 12 : 3, seed: seed &+ stream)
        let size = Double(1 + way.free)
        spend(Double(starts) * size * size)
        guard let best = candidates.first else { return false }
        way.rwp = min(way.rwp, best.rwp)
        guard best.rwp < 0.05 else { return false }
        results += try pattern.jointly(candidates.filter { $0.rwp < 0.05 }, goal: goal)
        return (results.last?.rwp ?? 1) < goal
    }

    /// All ways of an option with the score of their low angles: a few descents of each, then more of the better ones.
    private mutating func screened(_ known: [Way], _ option: Option, _ index: Int) throws -> [Way] {
        guard let all = option.ways else { return known }
        let low = try pattern.lowAngles(of: option.survivor.group, option.lattice.lattice)
        let permutations = LetterPermutations(of: option.survivor.group, lattice: option.lattice.lattice)
        let own = Dictionary(
            known.filter { $0.option == index }.map { ($0.index, $0) }, uniquingKeysWith: { a, _ in a })
        var found: [Way] = []
        var seen = Set<String>()
        // The likeliest of several descriptions stands for all.
        for number in all.indices where isOpen && seen.count < screened {
            guard seen.insert(permutations.key(all.letters(number))).inserted else { continue }
            var way = own[number] ?? Way(option: index, index: number, free: all.free(number))
            tried += own[number] == nil ? 1 : 0
            try screen(&way, all, option, low, starts: 3, stream: 0)
            found.append(way)
        }
        found.sort { $0.lowScore < $1.lowScore }
        for number in found.indices.prefix(screened / 8) where isOpen {
            try screen(
                &found[number], all, option, low, starts: min(16, 2 + 2 * found[number].free), stream: 1)
        }
        return known.filter { $0.option != index } + found
    }

    private mutating func screen(
        _ way: inout Way, _ all: WyckoffAssignment.Ways, _ option: Option,
        _ low: SimulatedPattern.Intensities, starts: Int, stream: UInt64
    ) throws {
        let observations = Double(max(2, low.profile.count))
        let full = Double(max(1, option.intensities?.profile.count ?? 1))
        let size = Double(1 + way.free)
        spend(0.3 * observations / full * Double(starts) * size * size + 5)
        let rwp = try pattern.quickFit(
            all.structure(way.index), low, starts: starts, seed: seed &+ stream)
        way.lowScore = min(
            way.lowScore, rwp * exp(Double(way.free) * log(observations) / (2 * observations)))
    }

    /// Ranks an option's ways; false where its cell explains the pattern much worse than another one.
    private mutating func prepare(_ option: inout Option, _ start: CrystalStructure) throws -> Bool {
        let intensities = try pattern.intensities(of: option.survivor.group, option.lattice.lattice)
        option.unexplained = intensities.profile.unexplained.squareRoot()
        unexplained = min(unexplained, option.unexplained)
        guard option.unexplained <= limit else { return false }
        var placed = start
        placed.lattice = option.lattice.lattice
        var assignment = WyckoffAssignment()
        assignment.seed = seed
        assignment.kept = 150
        assignment.combined = 40_000
        let ways = assignment.ways(placed, in: option.survivor.group)
        guard !ways.indices.isEmpty else { return false }
        option.ways = ways
        option.intensities = intensities
        return true
    }

    /// Where cells are left out.
    private var limit: Double { 2 * unexplained + 0.02 }

    /// Options whose cells some intensities explain about as well as the best. Of cells of one volume in one group,
    /// other descriptions of a lattice, which atoms from anywhere cannot tell apart, the one that is explained best.
    private func plausible(_ options: [Option]) -> [Int] {
        var kept: [Int] = []
        let good = options.indices.filter {
            options[$0].intensities != nil
                && options[$0].unexplained <= (isLast ? limit : min(limit, hopeless))
        }
        for index in good.sorted(by: { options[$0].unexplained < options[$1].unexplained }) {
            let option = options[index]
            let known = kept.contains { other in
                options[other].survivor.group == option.survivor.group
                    && abs(options[other].lattice.lattice.volume / option.lattice.lattice.volume - 1) < 5e-3
            }
            if !known { kept.append(index) }
        }
        return kept.sorted()
    }
}
