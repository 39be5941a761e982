import Diffraction
import Parameterization
import Symmetry

/// Holds one structure, its group and occupied positions known, against the intensities in many cells.
///
/// Near the start's coordinates first in every cell, from anywhere only then: of equivalent bases the one in which the
/// start makes sense is the likely one.
struct PlacedSearch {
    let pattern: SimulatedPattern
    let start: ReducedStructure
    let settings: SimulatedRecovery
    private(set) var tried: [LatticeParameters] = []
    private(set) var results: [RefinedStructure] = []
    private var placements: [Placement] = []
    /// R of the best structure at the last closer look.
    private var examined = Double.infinity

    init(pattern: SimulatedPattern, start: ReducedStructure, settings: SimulatedRecovery) {
        (self.pattern, self.start, self.settings) = (pattern, start, settings)
    }

    /// The structure in one cell before it is refined.
    private struct Placement {
        var structure: ReducedStructure
        var intensities: SimulatedPattern.Intensities
        /// Of the best structure near the start's coordinates.
        var rwp: Double
        /// What no intensities explain in the whole range, as an R.
        var unexplained: Double { intensities.profile.unexplained.squareRoot() }
    }

    var isDone: Bool { (results.last?.rwp ?? 1) < settings.goal }

    /// The cell that some intensities explain best over the whole range.
    var bestLattice: LatticeParameters? {
        placements.min { $0.unexplained < $1.unexplained }?.structure.latticeParameters
    }

    /// Whether other axes of the same lattice may exchange the occupied positions for others: where some has a like, of
    /// the same multiplicity and freedom.
    var basisMatters: Bool {
        let group = start.spaceGroup
        return Set(start.orbits.map(\.letter)).contains { letter in
            guard let own = group.wyckoffPosition(letter: letter) else { return true }
            return group.wyckoffPositions.count {
                $0.multiplicity == own.multiplicity && $0.degreesOfFreedom == own.degreesOfFreedom
            } > 1
        }
    }

    mutating func callAsFunction(_ lattices: [LatticeParameters]) throws {
        var found: [Placement] = []
        for lattice in lattices where !tried.contains(where: { $0.agrees(with: lattice, within: 2e-4) }) {
            tried.append(lattice)
            var placed = start
            placed.latticeParameters = lattice
            let intensities = try pattern.intensities(of: placed.spaceGroup, placed.lattice)
            let near = try pattern.atoms(
                placed, intensities, starts: settings.nearStarts, seed: settings.seed)
            found.append(Placement(structure: placed, intensities: intensities, rwp: near.first?.rwp ?? 1))
            guard let first = near.first, first.rwp < 0.05 else { continue }
            results += try pattern.jointly([first], goal: settings.goal)
            if isDone { return }
        }
        placements += found
        if try isSettledByCloserLook() { return }
        found = plausible(found.sorted { $0.rwp < $1.rwp })
        // Many coordinates get more starts again, in every cell.
        for round in 0..<(start.freeCoordinates.count < 12 ? 1 : 3) {
            for placement in found {
                let candidates = try pattern.atoms(
                    placement.structure, placement.intensities, starts: settings.atomStarts << round,
                    seed: settings.seed &+ UInt64(round))
                results += try pattern.jointly(candidates, goal: settings.goal)
                if isDone { return }
                if try isSettledByCloserLook() { return }
            }
        }
    }

    /// A fit below 2 % has the cell: the atoms are settled there before any other cell gets more starts.
    private mutating func isSettledByCloserLook() throws -> Bool {
        guard let best = results.map(\.rwp).min(), best < min(0.02, 0.5 * examined) else { return false }
        try lookCloser()
        examined = results.map(\.rwp).min() ?? best
        return isDone
    }

    /// Searches the atoms again in the refined cell of the best fits that are not perfect: there is nothing left that a
    /// wrong structure could be excused with.
    mutating func lookCloser() throws {
        var failures = 0
        for round in 0..<6 where failures < 2 {
            guard let best = results.min(by: { $0.rwp < $1.rwp }), best.rwp < 0.15 else { return }
            let intensities = try pattern.intensities(of: start.spaceGroup, best.structure.lattice)
            let candidates = try pattern.atoms(
                best.structure, intensities, starts: settings.closerStarts,
                seed: settings.seed &+ UInt64(100 + round), closer: true)
            results += try pattern.jointly(candidates, goal: settings.goal)
            if isDone { return }
            let now = results.map(\.rwp).min() ?? 1
            if now > 0.98 * best.rwp { failures += 1 }
        }
    }

    /// Cells that some intensities explain about as well as the best, over the whole range; of descriptions of one
    /// lattice, where atoms from anywhere cannot tell them apart, the first.
    private func plausible(_ placements: [Placement]) -> [Placement] {
        let limit = 2 * (self.placements.map(\.unexplained).min() ?? 0) + 0.02
        let good = placements.filter { $0.unexplained <= limit }
        guard !basisMatters else { return good }
        var kept: [(placement: Placement, lines: [Double])] = []
        for placement in good {
            let lines = lines(placement)
            let known = kept.contains { other in
                other.lines.count == lines.count
                    && zip(other.lines, lines).allSatisfy { abs($0 - $1) < 1e-3 * $1 }
            }
            if !known { kept.append((placement, lines)) }
        }
        return kept.map(\.placement)
    }

    /// (sinθ/λ)² of the first 60 reflections, ascending.
    private func lines(_ placement: Placement) -> [Double] {
        let metric = placement.structure.lattice.reciprocalMetric
        return placement.intensities.reflections.indices
            .map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted().prefix(60).map { $0 }
    }
}
