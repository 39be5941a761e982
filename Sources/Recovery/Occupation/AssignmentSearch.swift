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

    let pattern: ExactPattern
    let settings: ExactSettings
    let seed: UInt64
    /// Whether no other cells are to come.
    let isLast: Bool
    /// What is left of `settings.ways.effort`.
    private var effort: Double
    /// True where the search ended because `effort` was spent.
    private(set) var isExhausted = false
    private(set) var tried = 0
    private(set) var results: [ExactRefinement.Refined] = []
    /// The least that any cell leaves unexplained by free intensities, as an R.
    private(set) var unexplained: Double

    /// - Parameter unexplained: the least that cells that were searched before leave.
    init(
        pattern: ExactPattern, settings: ExactSettings, seed: UInt64, isLast: Bool, unexplained: Double
    ) {
        (self.pattern, self.settings, self.seed) = (pattern, settings, seed)
        (self.isLast, self.unexplained) = (isLast, unexplained)
        effort = settings.ways.effort
    }

    /// One way to occupy positions of one group in one cell.
    private struct Way {
        let option: Int
        let index: Int
        var rwp = 1.0
        /// Of its low angles alone, coordinates counted as in Schwarz's criterion.
        var lowScore = Double.infinity
        var free = 0
    }

    private func fit(_ way: Way) -> Double {
        RecoverySettings.Selection.score(
            way.rwp, parameters: way.free, penalty: settings.ways.parameterPenalty)
    }

    /// One group in one cell and its ways, ranked when they are first asked for.
    private struct Option {
        let lattice: LatticeParameters
        let survivor: AbsenceScreen.Survivor
        var ways: WyckoffAssignment.Ways?
        var intensities: PatternIntensities?
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
            for number in all.indices.prefix(settings.ways.likeliest) where isOpen {
                let structure = all.structure(number)
                var way = Way(option: index, index: number, free: structure.freeCoordinates.count)
                tried += 1
                if try attempt(&way, structure, options[index], starts: settings.ways.starts, stream: 0) {
                    return
                }
                ways.append(way)
            }
        }
        let plausible = plausible(options)
        ways.removeAll { !plausible.contains($0.option) }
        for index in plausible where isOpen { ways = try screened(ways, options[index], index) }
        // The best by their low angles are held against everything once; from then on that decides.
        ways.sort { ($0.lowScore, fit($0)) < ($1.lowScore, fit($1)) }
        for (number, pass) in settings.ways.passes.enumerated() {
            ways = Array(ways.prefix(pass.ways))
            for index in ways.indices where isOpen {
                let option = options[ways[index].option]
                guard let structure = option.ways?.structure(ways[index].index) else { continue }
                let count = ways[index].free < settings.atoms.hoppingFrom ? pass.starts : pass.hops
                if number == 0 { ways[index].rwp = 1 }
                if try attempt(&ways[index], structure, option, starts: count, stream: UInt64(number + 1)) {
                    return
                }
            }
            ways.sort { fit($0) < fit($1) }
        }
        // Nothing fits well: the best that there is.
        if results.isEmpty, let best = ways.min(by: { fit($0) < fit($1) }),
            let structure = options[best.option].ways?.structure(best.index),
            let intensities = options[best.option].intensities
        {
            let minima = try atoms(
                structure, starts: settings.ways.starts, near: settings.places.movesNear, seed
            )
            .minima(of: structure, intensities)
            results += try minima.prefix(1).map { try refinement.refine($0.structure) }
        }
    }

    private var isOpen: Bool { effort > 0 }

    private var refinement: ExactRefinement {
        ExactRefinement(pattern: pattern, settings: settings.refinement)
    }

    private func atoms(_ structure: ReducedStructure, starts: Int, near: Int, _ seed: UInt64)
        -> AtomStage<ExactPattern>
    {
        AtomStage(
            evidence: pattern, settings: settings.search(structure, starts: starts, near: near), seed: seed)
    }

    private mutating func spend(_ cost: Double) {
        effort -= cost
        if effort <= 0 { isExhausted = true }
    }

    /// True where the way leads to the goal.
    private mutating func attempt(
        _ way: inout Way, _ structure: ReducedStructure, _ option: Option, starts: Int, stream: UInt64
    ) throws -> Bool {
        guard let intensities = option.intensities else { return false }
        let near = stream == 0 ? settings.places.movesNear : settings.ways.nearStarts
        let minima = try atoms(structure, starts: starts, near: near, seed &+ stream)
            .minima(of: structure, intensities)
        let size = Double(1 + way.free)
        spend(Double(starts) * size * size)
        guard let best = minima.first else { return false }
        way.rwp = min(way.rwp, best.rwp)
        let sieve = settings.ways.refinedBelow
        guard best.rwp < sieve else { return false }
        results += try refinement.refine(minima.filter { $0.rwp < sieve })
        return (results.last?.rwp ?? 1) < settings.refinement.goal
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
        for number in all.indices where isOpen && seen.count < settings.ways.screened {
            guard seen.insert(permutations.key(all.letters(number))).inserted else { continue }
            var way = own[number] ?? Way(option: index, index: number, free: all.free(number))
            tried += own[number] == nil ? 1 : 0
            try screen(&way, all, option, low, starts: settings.ways.screeningStarts, stream: 0)
            found.append(way)
        }
        found.sort { $0.lowScore < $1.lowScore }
        for number in found.indices.prefix(settings.ways.screened / settings.ways.rescreened)
        where isOpen {
            let starts = min(settings.ways.rescreeningStarts, 2 + 2 * found[number].free)
            try screen(&found[number], all, option, low, starts: starts, stream: 1)
        }
        return known.filter { $0.option != index } + found
    }

    private mutating func screen(
        _ way: inout Way, _ all: WyckoffAssignment.Ways, _ option: Option,
        _ low: PatternIntensities, starts: Int, stream: UInt64
    ) throws {
        let observations = Double(max(2, low.profile.count))
        let full = Double(max(1, option.intensities?.profile.count ?? 1))
        let size = Double(1 + way.free)
        let cost = settings.ways.screeningCost * observations / full * Double(starts) * size * size
        spend(cost + settings.ways.screeningOverhead)
        let stage = AtomStage(
            evidence: pattern, settings: settings.screening(starts: starts), seed: seed &+ stream)
        let rwp = try stage.minima(of: all.structure(way.index), low).first?.rwp ?? 1
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
        var assignment = WyckoffAssignment(settings: settings.occupation, isFamily: true)
        assignment.seed = seed
        let ways = try assignment.ways(placed, in: option.survivor.group)
        guard !ways.indices.isEmpty else { return false }
        option.ways = ways
        option.intensities = intensities
        return true
    }

    /// Where cells are left out.
    private var limit: Double {
        settings.places.unexplainedFactor * unexplained + settings.places.unexplainedSlack
    }

    /// Options whose cells some intensities explain about as well as the best. Of cells of one volume in one group,
    /// other descriptions of a lattice, which atoms from anywhere cannot tell apart, the one that is explained best.
    private func plausible(_ options: [Option]) -> [Int] {
        var kept: [Int] = []
        let good = options.indices.filter {
            options[$0].intensities != nil
                && options[$0].unexplained <= (isLast ? limit : min(limit, settings.ways.hopeless))
        }
        for index in good.sorted(by: { options[$0].unexplained < options[$1].unexplained }) {
            let option = options[index]
            let known = kept.contains { other in
                options[other].survivor.group == option.survivor.group
                    && abs(options[other].lattice.lattice.volume / option.lattice.lattice.volume - 1)
                        < settings.ways.sameVolume
            }
            if !known { kept.append(index) }
        }
        return kept.sorted()
    }
}
