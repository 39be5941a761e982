import Diffraction
import Parameterization
import Symmetry

/// Holds one structure, its group and occupied positions known, against the intensities in many cells.
///
/// Near the start's coordinates first in every cell, from anywhere only then: of equivalent bases the one in which the
/// start makes sense is the likely one.
struct PlacedSearch {
    let pattern: ExactPattern
    let start: ReducedStructure
    let settings: ExactSettings
    let seed: UInt64
    private(set) var tried: [LatticeParameters] = []
    private(set) var results: [ExactRefinement.Refined] = []
    private var placements: [Placement] = []
    /// R of the best structure at the last closer look.
    private var examined = Double.infinity

    init(pattern: ExactPattern, start: ReducedStructure, settings: ExactSettings, seed: UInt64) {
        (self.pattern, self.start, self.settings, self.seed) = (pattern, start, settings, seed)
    }

    private var refinement: ExactRefinement {
        ExactRefinement(pattern: pattern, settings: settings.refinement)
    }

    private func minima(_ placement: Placement, starts: Int, seed: UInt64) throws -> [AtomSearch.Candidate] {
        let search = settings.search(
            placement.structure, starts: starts, near: settings.places.movesNear)
        return try AtomStage(evidence: pattern, settings: search, seed: seed)
            .minima(of: placement.structure, placement.intensities)
    }

    /// The structure in one cell before it is refined.
    private struct Placement {
        var structure: ReducedStructure
        var intensities: PatternIntensities
        /// Of the best structure near the start's coordinates.
        var rwp: Double
        /// What no intensities explain in the whole range, as an R.
        var unexplained: Double { intensities.profile.unexplained.squareRoot() }
    }

    var isDone: Bool { (results.last?.rwp ?? 1) < settings.refinement.goal }

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
        for lattice in lattices
        where !tried.contains(where: { $0.agrees(with: lattice, within: settings.cells.sameCell) }) {
            tried.append(lattice)
            var placed = start
            placed.latticeParameters = lattice
            let intensities = try pattern.intensities(of: placed.spaceGroup, placed.lattice)
            var placement = Placement(structure: placed, intensities: intensities, rwp: 1)
            let near = try minima(placement, starts: settings.places.nearStarts, seed: seed)
            placement.rwp = near.first?.rwp ?? 1
            found.append(placement)
            guard let first = near.first, first.rwp < settings.places.refinedBelow else { continue }
            results += try refinement.refine([first])
            if isDone { return }
        }
        placements += found
        if try isSettledByCloserLook() { return }
        found = plausible(found.sorted { $0.rwp < $1.rwp })
        // Many coordinates get more starts again, in every cell.
        let hops = start.freeCoordinates.count >= settings.atoms.hoppingFrom
        for round in 0..<(hops ? settings.places.rounds : 1) {
            for placement in found {
                let minima = try minima(
                    placement, starts: settings.atoms.starts << round, seed: seed &+ UInt64(round))
                results += try refinement.refine(minima)
                if isDone { return }
                if try isSettledByCloserLook() { return }
            }
        }
    }

    /// A fit as good as that has the cell: the atoms are settled there before any other cell gets more starts.
    private mutating func isSettledByCloserLook() throws -> Bool {
        guard let best = results.map(\.rwp).min(),
            best < min(settings.places.settled, settings.places.lookAgain * examined)
        else { return false }
        try lookCloser()
        examined = results.map(\.rwp).min() ?? best
        return isDone
    }

    /// Searches the atoms again in the refined cell of the best fits that are not perfect: there is nothing left that a
    /// wrong structure could be excused with.
    mutating func lookCloser() throws {
        let places = settings.places
        var failures = 0
        for round in 0..<places.closerRounds where failures < places.closerFailures {
            guard let best = results.min(by: { $0.rwp < $1.rwp }), best.rwp < places.closerBelow else {
                return
            }
            let intensities = try pattern.intensities(of: start.spaceGroup, best.structure.lattice)
            let stage = AtomStage(
                evidence: pattern, settings: settings.closerSearch, seed: seed &+ UInt64(100 + round))
            results += try refinement.refine(stage.minima(of: best.structure, intensities))
            if isDone { return }
            let now = results.map(\.rwp).min() ?? 1
            if now > places.closerGain * best.rwp { failures += 1 }
        }
    }

    /// Cells that some intensities explain about as well as the best, over the whole range; of descriptions of one
    /// lattice, where atoms from anywhere cannot tell them apart, the first.
    private func plausible(_ placements: [Placement]) -> [Placement] {
        let least = self.placements.map(\.unexplained).min() ?? 0
        let limit = settings.places.unexplainedFactor * least + settings.places.unexplainedSlack
        let good = placements.filter { $0.unexplained <= limit }
        guard !basisMatters else { return good }
        var kept: [(placement: Placement, lines: [Double])] = []
        for placement in good {
            let lines = lines(placement)
            let known = kept.contains { other in
                other.lines.count == lines.count
                    && zip(other.lines, lines).allSatisfy { abs($0 - $1) < settings.places.sameLines * $1 }
            }
            if !known { kept.append((placement, lines)) }
        }
        return kept.map(\.placement)
    }

    /// (sinθ/λ)² of the first reflections, ascending.
    private func lines(_ placement: Placement) -> [Double] {
        let metric = placement.structure.lattice.reciprocalMetric
        return placement.intensities.reflections.indices
            .map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted().prefix(
                settings.places.comparedLines
            ).map { $0 }
    }
}
