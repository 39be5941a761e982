import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Finds a structure from a measured pattern, a cell and a composition: no start, no known coordinates.
///
/// Groups come in batches, those of one extinction symbol and one order together. Of each batch the ways in which the composition fills
/// positions play a tournament on the intensities; the last ones are searched in full and refined.
package struct StructureSolution: Sendable {
    package var recovery: PowderRecovery
    /// Their ways are tried before all others.
    package var types: StructureTypes
    /// How atoms are searched for; what was found is descended as the recovery's own settings say.
    private var search: RecoverySettings.Atoms

    package init(_ recovery: PowderRecovery, types: StructureTypes = .none) {
        (self.recovery, self.types) = (recovery, types)
        search = recovery.settings.solution.search(recovery.settings.atoms)
    }

    /// A cell, refined, and the groups that it may have.
    package struct Problem: Sendable {
        package var lattice: Lattice
        /// Degrees 2θ.
        package var zero: Double
        /// The groups of one batch are tried together.
        package var batches: [[SpaceGroup]]
        /// Atoms of the cell.
        package var parts: [CompositionAssignment.Part]

        package init(
            lattice: Lattice, zero: Double, batches: [[SpaceGroup]], parts: [CompositionAssignment.Part]
        ) {
            (self.lattice, self.zero, self.batches, self.parts) = (lattice, zero, batches, parts)
        }
    }

    /// What one batch gave.
    package struct Finding: Sendable {
        package var result: PowderResult
        /// Whether it leaves hardly more than free intensities do.
        package var isSettled: Bool
    }

    /// How far a problem is looked into.
    package enum Depth: Sendable {
        /// Structure types, and ways of few free coordinates of all groups together: seconds.
        case simple
        /// All ways of one batch of groups, with twice the starts in each further pass.
        case whole(batch: Int, pass: Int)
    }

    /// A refined cell, which all its groups and fillings share.
    package struct Prepared: Sendable {
        let evidence: MeasuredPattern
        let cell: FittedCell
    }

    /// Nil where there is no group.
    ///
    /// - Throws: `RecoveryError` where too few lines stand out; `CancellationError`.
    package func prepared(_ problem: Problem, pattern: PowderPattern, weights: [Double]) throws -> Prepared? {
        guard let widest = CentringClass.classes(of: problem.batches.flatMap(\.self)).first?.widest else {
            return nil
        }
        let evidence = try recovery.evidence(pattern, weights: weights, atLeast: 2, progress: { _ in })
        return Prepared(evidence: evidence, cell: fitted(problem, widest, evidence))
    }

    /// Calls `take` with the best structure of each tournament, until it returns false.
    ///
    /// - Throws: `RecoveryError`; `CancellationError`.
    package func solve(
        _ problem: Problem, _ depth: Depth, _ prepared: Prepared, progress: @escaping RecoveryProgress,
        take: (Finding) throws -> Bool
    ) throws {
        for (name, ways) in try tournaments(problem, depth, prepared.cell)
        where !ways.isEmpty && !WorkLimit.isSearchOver {
            progress("\(name): \(ways.count) ways to fill positions")
            let finding = try deepened(depth).best(of: ways, prepared.cell, prepared.evidence, progress)
            if let finding, try !take(finding) { return }
        }
    }

    /// With the starts of a pass.
    private func deepened(_ depth: Depth) -> StructureSolution {
        guard case .whole(_, let pass) = depth, pass > 0 else { return self }
        var deeper = self
        deeper.recovery.seed = recovery.seed &+ UInt64(pass)
        deeper.recovery.settings.solution.rounds = recovery.settings.solution.rounds.map { $0 << pass }
        deeper.search.starts = search.starts << pass
        deeper.recovery.settings.solution.startsOfCoordinate <<= pass
        return deeper
    }

    /// The ways that play against each other, by name.
    private func tournaments(_ problem: Problem, _ depth: Depth, _ cell: FittedCell) throws
        -> [(name: String, ways: [ReducedStructure])]
    {
        switch depth {
        case .simple:
            let all = problem.batches.flatMap(\.self)
            let typical = try TypeAssignment(types, settings: recovery.settings.solution).structures(
                of: problem.parts, in: all, lattice: cell.lattice.lattice)
            return [
                ("structure types", typical), ("few free coordinates", try simpleWays(problem, all, cell)),
            ]
        case .whole(let batch, let pass):
            let groups = problem.batches[batch]
            let names = groups.map(\.compactSymbol).joined(separator: ", ")
            let name = pass == 0 ? names : "\(names), again with \(1 << pass) times the starts"
            return [(name, try ways(problem, groups, cell))]
        }
    }

    /// The best of a tournament, refined; nil where the time was up before.
    private func best(
        of ways: [ReducedStructure], _ cell: FittedCell, _ evidence: MeasuredPattern,
        _ progress: RecoveryProgress
    ) throws -> Finding? {
        let coarse = try lowAngles(cell, ways, evidence)
        let kept = try tournament(ways, coarse, evidence, cell)
        guard !kept.isEmpty else { return nil }
        var result = try recovery.refined(
            try minima(of: kept, coarse, cell, evidence), cell: cell, evidence: evidence,
            progress: { _ in })
        let limit =
            recovery.settings.absences.settledFactor * cell.rwp + recovery.settings.absences.settledSlack
        let left = result.statistics.rwpBackgroundSubtracted
        progress(
            String(
                format: "%@: Rwp %.2f %%, of the net pattern %.2f %%; free intensities leave %.2f %%",
                result.structure.spaceGroup.compactSymbol, 100 * result.statistics.rwp, 100 * left,
                100 * cell.rwp))
        guard left < limit else { return Finding(result: result, isSettled: false) }
        // In much noise free intensities leave most of the pattern, and so does anything.
        if result.statistics.rwp > recovery.settings.groups.exactRwp {
            result.misfit = try StructuralMisfit.measured(
                result.refinement, pattern: evidence.pattern, weights: evidence.weights,
                bounds: recovery.settings.refinement.bounds.ranges)
        }
        let certain = result.misfit?.share.lowerBound ?? 0
        return Finding(
            result: result, isSettled: certain < recovery.settings.solution.judgedMisfit)
    }

    private func fitted(_ problem: Problem, _ widest: SpaceGroup, _ evidence: MeasuredPattern) -> FittedCell {
        let lattice = LatticeParameters(of: problem.lattice, in: widest)
        let list = evidence.reflections(of: widest, lattice.lattice)
        var fitter = PawleyFit()
        fitter.settings = recovery.settings.cell.pawley
        let width = evidence.lines.width
        let fit = fitter(
            evidence.data, reflections: list.indices, lattice: lattice,
            profile: CellProfile(w: width * width, zero: problem.zero))
        return FittedCell(fit: fit, reflections: list)
    }

    /// What the last ways of a tournament end in, descended with all intensities.
    private func minima(
        of kept: [ReducedStructure], _ coarse: PatternIntensities, _ cell: FittedCell,
        _ evidence: MeasuredPattern
    ) throws -> [PlacedMinimum] {
        let all = try intensities(cell, kept.map(\.spaceGroup), evidence)
        let settings = recovery.settings.solution
        return try WorkLimit.map(kept) { way in
            var (search, structure) = (search, way)
            structure.latticeParameters = cell.lattice
            search.starts = max(
                search.starts, settings.startsOfCoordinate * structure.freeCoordinates.count)
            search.goal = max(search.goal, settings.explained * coarse.profile.unexplained.squareRoot())
            let found = try AtomStage(evidence: evidence, settings: search, seed: recovery.seed)
                .minima(of: structure, coarse)
            let close = AtomStage(
                evidence: evidence, settings: recovery.settings.atoms, seed: recovery.seed)
            return try found.map {
                PlacedMinimum(minimum: try close.polished($0, all), start: way)
            }
        }.flatMap(\.self)
    }

    /// Of all reflections that tell structures of the groups apart.
    private func intensities(_ cell: FittedCell, _ groups: [SpaceGroup], _ evidence: MeasuredPattern) throws
        -> PatternIntensities
    {
        let lattice = cell.lattice.lattice
        return try evidence.intensities(
            of: evidence.reflections(of: groups, lattice) ?? cell.reflections, lattice,
            profile: cell.fit.profile)
    }

    /// The intensities of the first reflections: they tell most ways apart, and lead to their minima, at a share of the cost.
    private func lowAngles(_ cell: FittedCell, _ ways: [ReducedStructure], _ evidence: MeasuredPattern) throws
        -> PatternIntensities
    {
        let groups = ways.map(\.spaceGroup)
        let lattice = cell.lattice.lattice
        let metric = lattice.reciprocalMetric
        let all = evidence.reflections(of: groups, lattice) ?? cell.reflections
        // Where reflections of one angle stand for others in some of the groups only, they count once.
        let q = all.indices.map { ReflectionList.q(of: $0, reciprocalMetric: metric) }.sorted()
        let lines = q.indices.filter { $0 == 0 || q[$0] > q[$0 - 1] * (1 + 1e-9) }.map { q[$0] }
        let settings = recovery.settings.solution
        let coordinates = ways.map(\.freeCoordinates.count).max() ?? 0
        let count = max(settings.reflections, settings.reflectionsOfCoordinate * coordinates)
        guard lines.count > count else { return try intensities(cell, groups, evidence) }
        let sine = lines[count].squareRoot() * evidence.instrument.radiation.wavelength
        let angle = 2 * asin(min(1, sine)) * 180 / .pi
        let part = evidence.data.below(angle)
        return try evidence.intensities(
            of: evidence.reflections(of: groups, lattice, in: part) ?? cell.reflections, lattice,
            profile: cell.fit.profile, in: part)
    }

    private func ways(_ problem: Problem, _ groups: [SpaceGroup], _ cell: FittedCell) throws
        -> [ReducedStructure]
    {
        let assignment = CompositionAssignment(settings: recovery.settings.solution)
        return try WorkLimit.map(groups) { group in
            try assignment.structures(of: problem.parts, in: group, lattice: cell.lattice.lattice)
        }.flatMap(\.self)
    }

    /// Those whose few coordinates a handful of starts finds.
    private func simpleWays(_ problem: Problem, _ groups: [SpaceGroup], _ cell: FittedCell) throws
        -> [ReducedStructure]
    {
        let settings = recovery.settings.solution
        let simple = try ways(problem, groups, cell).filter {
            $0.freeCoordinates.count <= settings.simpleCoordinates
        }
        return Array(
            simple.sorted { $0.freeCoordinates.count < $1.freeCoordinates.count }.prefix(settings.simpleWays))
    }

    /// Successive halving: many ways with few starts, few ways with many. Each is left with the best coordinates that were met.
    private func tournament(
        _ ways: [ReducedStructure], _ intensities: PatternIntensities, _ evidence: MeasuredPattern,
        _ cell: FittedCell
    ) throws -> [ReducedStructure] {
        let settings = recovery.settings
        var left = ways
        for (starts, most) in zip(settings.solution.rounds, settings.solution.left)
        where left.count > most && !WorkLimit.isSearchOver {
            let scored = try WorkLimit.map(left) { way -> (way: ReducedStructure, score: Double)? in
                guard !WorkLimit.isSearchOver else { return nil }
                var structure = way
                structure.latticeParameters = cell.lattice
                var search = search
                search.starts = max(
                    settings.solution.leastStarts, Int(Double(starts * structure.freeCoordinates.count) / 4))
                let stage = AtomStage(evidence: evidence, settings: search, seed: recovery.seed)
                return try stage.minima(of: structure, intensities).first.map { minimum in
                    (
                        way: minimum.structure,
                        score: settings.selection.score(
                            minimum.rwp, parameters: structure.freeCoordinates.count)
                    )
                }
            }.compactMap(\.self)
            guard !scored.isEmpty else { break }
            left = scored.sorted { $0.score < $1.score }.prefix(most).map(\.way)
        }
        return Array(left.prefix(settings.solution.left.last ?? left.count))
    }
}
