import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Whether the highest symmetry that the data allow is taken: a subgroup fits as well as the group, and what the model leaves
/// out (an impurity, other widths) better; and a group that is too high fits worse than its subgroups by more than noise.
package struct SymmetryDecision {
    let recovery: PowderRecovery
    let pattern: PowderPattern
    let weights: [Double]
    let lines: PowderRecovery.Lines
    let progress: PowderRecovery.Progress

    /// Å; atoms that stand nearer to a higher symmetry are tried in it. About a bond's length: a minimum in a subgroup may have
    /// atoms of one orbit of the group far apart, and the evidence judges what is tried.
    var reach = 1.0
    /// Starts of the atoms in a higher group, where some coordinates are known already.
    var starts = 13
    /// Å; by how much a subgroup's freed coordinates are moved, so that they can leave the higher symmetry.
    var shake = 0.05
    /// A pattern that is explained to this Rwp has no noise: what is left says nothing of groups.
    var exactRwp = 1e-4
    /// Rivals in subgroups; the maximal ones come first.
    var subgroupsTried = 6

    /// The result in the highest group that the pattern allows, and the clause that says so.
    package func callAsFunction(_ result: PowderRecovery.Result) throws -> PowderRecovery.Result {
        var best = result
        let higher = try raised(result)
        if let accepted = higher.accepted { best = accepted }
        best.groupClause =
            higher.undecided ?? VerdictClause("group", .holds, "no higher symmetry fits as well")
        if best.groupClause?.outcome == .holds, let objection = try lowered(best) {
            best.groupClause = objection
        }
        return best
    }

    /// The clause alone, of a group that somebody asked for.
    package func clause(of result: PowderRecovery.Result) throws -> VerdictClause {
        let higher = try raised(result)
        if let accepted = higher.accepted {
            let group = accepted.structure.spaceGroup
            return VerdictClause(
                "group", .fails,
                String(
                    format: "%@ (%d) fits as well with %d free parameters in place of %d: Rwp %.2f %%",
                    group.symbol,
                    group.number, accepted.structure.degreesOfFreedom, result.structure.degreesOfFreedom,
                    100 * accepted.statistics.rwp))
        }
        return higher.undecided ?? VerdictClause("group", .holds, "no higher symmetry fits as well")
    }

    // MARK: Higher groups

    private func raised(_ result: PowderRecovery.Result) throws -> (
        accepted: PowderRecovery.Result?, undecided: VerdictClause?
    ) {
        let comparison = try comparison(result)
        var narrow = recovery
        (narrow.cellSpreads, narrow.atomStarts) = ([0.003], starts)
        var undecided: VerdictClause?
        for (group, start) in supergroups(of: result.structure) {
            try Task.checkCancellation()
            guard let higher = try fit(start, in: group, by: narrow) else { continue }
            let evidence = evidence(for: result, over: higher, comparison)
            guard evidence < ModelComparison.decisive else { continue }
            if evidence > ModelComparison.negligible {
                undecided =
                    undecided
                    ?? VerdictClause(
                        "group", .unknown,
                        String(
                            format: "the pattern does not decide between %@ and %@ (2 ln K = %.1f)",
                            result.structure.spaceGroup.symbol, group.symbol, evidence))
                continue
            }
            let (rwp, before) = (higher.statistics.rwp, result.statistics.rwp)
            progress(
                "\(group.compactSymbol) fits as well: Rwp "
                    + String(format: "%.2f %% in place of %.2f %% in ", 100 * rwp, 100 * before)
                    + result.structure.spaceGroup.compactSymbol)
            var accepted = higher
            accepted.alternatives += [PowderRecovery.alternative(result)] + result.alternatives
            return (accepted, nil)
        }
        return (nil, undecided)
    }

    /// A structure in a group; nil where lines or positions do not allow it.
    private func fit(_ start: ReducedStructure, in group: SpaceGroup, by recovery: PowderRecovery) throws
        -> PowderRecovery.Result?
    {
        do {
            let cell = try recovery.cell(lines, around: start.lattice, in: group, progress: { _ in })
            return try recovery.placedAndRefined(
                [start], cell: cell, pattern: pattern, weights: weights, lines: lines, progress: { _ in })
        } catch is RecoveryError {
            return nil
        }
    }

    /// Groups that the atoms nearly have, the highest first, with the atoms brought to them.
    private func supergroups(of structure: ReducedStructure) -> [(SpaceGroup, ReducedStructure)] {
        func density(_ structure: ReducedStructure) -> Double {
            Double(structure.spaceGroup.order) / structure.lattice.volume
        }
        let expanded = structure.expanded()
        // Atoms too near to one another have no ladder; the clause of contacts says so.
        guard let rungs = try? SymmetryFinder.ladder(in: expanded, tolerances: 1e-5...reach) else {
            return []
        }
        return rungs.reversed().compactMap { rung in
            let group = rung.found.spaceGroup
            guard
                let standard = try? SymmetryFinder.standardize(
                    expanded, rung.found, cell: .setting(hallNumber: group.hallNumber)),
                let start = try? ReducedStructure(reducing: standard.structure, in: group),
                density(start) > 1.1 * density(structure)
            else { return nil }
            return (group, start)
        }
    }

    // MARK: Subgroups

    /// A maximal subgroup that fits decisively better.
    private func lowered(_ result: PowderRecovery.Result) throws -> VerdictClause? {
        guard result.joint == nil, result.statistics.rwp > exactRwp else { return nil }
        let comparison = try comparison(result)
        let structure = result.structure
        var seen = Set<Int>()
        var tried = 0
        for subgroup in structure.spaceGroup.translationengleicheSubgroups {
            guard tried < subgroupsTried, seen.insert(subgroup.conjugacyClass).inserted else { continue }
            try Task.checkCancellation()
            let lower: ReducedStructure
            do {
                lower = try structure.inSubgroup(subgroup)
            } catch {
                continue
            }
            guard lower.freeCoordinates.count > structure.freeCoordinates.count else { continue }
            tried += 1
            let fitted = try refined(
                Shake(amplitude: shake)(lower, seed: recovery.seed), like: result.refinement)
            let rwp = fitted.statistics.rwp
            let gain = evidence(
                (result.statistics.rwp, result.structure.degreesOfFreedom),
                (rwp, lower.degreesOfFreedom), result.statistics, comparison)
            guard gain > ModelComparison.decisive,
                Contacts(fitted.model.phases[0].structure).shortestShare >= Contacts.sane
            else { continue }
            return VerdictClause(
                "group", .unknown,
                String(
                    format:
                        "%@ (%d), a subgroup, fits better than its parameters explain: Rwp %.2f %%, 2 ln K = %.0f",
                    subgroup.spaceGroup.symbol, subgroup.spaceGroup.number, 100 * rwp, gain))
        }
        return nil
    }

    private func refined(_ structure: ReducedStructure, like best: RietveldRefinement.Result) throws
        -> RietveldRefinement.Result
    {
        var model = best.model
        model.phases[0].structure = structure
        let volumes = structure.lattice.volume / best.model.phases[0].structure.lattice.volume
        // The scale counts electrons of a cell.
        model.phases[0].scale /= volumes * volumes
        let own = Set(best.model.phases[0].structure.parameters.map(\.name))
        var refinement = RietveldRefinement()
        refinement.iterations = 20
        refinement.convergence = 1e-4
        refinement.bounds = ["W": 1e-6...100, "X": 0...10, "Y": 0...10, "*.B": 0...15]
        let others = best.refined.map(\.parameter.name).filter { !own.contains($0) }
        return try refinement(
            model, pattern: pattern, weights: weights, free: others + structure.parameters.map(\.name))
    }

    // MARK: Evidence

    private func comparison(_ result: PowderRecovery.Result) throws -> ModelComparison? {
        guard result.statistics.rwp > exactRwp else { return nil }
        let fit = result.refinement
        let misfit = try StructuralMisfit(fit, pattern: pattern, weights: weights)
        return ModelComparison(
            misfit,
            correlation: SerialCorrelation(
                observed: pattern.intensity, calculated: fit.calculated, weights: weights),
            points: result.statistics.points)
    }

    /// 2 ln K for the lower symmetry; where there is no noise, whether the higher one leaves anything.
    private func evidence(
        for lower: PowderRecovery.Result, over higher: PowderRecovery.Result, _ comparison: ModelComparison?
    ) -> Double {
        evidence(
            (higher.statistics.rwp, higher.structure.degreesOfFreedom),
            (lower.statistics.rwp, lower.structure.degreesOfFreedom), lower.statistics, comparison)
    }

    private func evidence(
        _ higher: (rwp: Double, freedom: Int), _ lower: (rwp: Double, freedom: Int),
        _ statistics: RefinementStatistics, _ comparison: ModelComparison?
    ) -> Double {
        guard let comparison else { return higher.rwp <= exactRwp ? -.infinity : .infinity }
        // Σwy² of all points.
        let norm =
            Double(max(1, statistics.points - statistics.parameters))
            / max(1e-300, statistics.rexp * statistics.rexp)
        return comparison.evidence(
            for: (lower.rwp * lower.rwp * norm, lower.freedom),
            over: (higher.rwp * higher.rwp * norm, higher.freedom))
    }
}

extension SymmetryDecision {
    /// - Parameters:
    ///   - pattern: restricted to the range that is to be used.
    ///   - weights: one for each point; 0 leaves a point out.
    /// - Throws: `RecoveryError` where no line stands out of the pattern.
    package init(
        _ recovery: PowderRecovery, pattern: PowderPattern, weights: [Double],
        progress: @escaping PowderRecovery.Progress
    ) throws {
        let lines = try PowderRecovery.Lines(
            pattern, weights: weights, radiation: recovery.instrument.radiation, atLeast: 1,
            progress: { _ in })
        self.init(recovery: recovery, pattern: pattern, weights: weights, lines: lines, progress: progress)
    }
}
