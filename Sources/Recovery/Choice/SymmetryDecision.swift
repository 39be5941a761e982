import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Whether the highest symmetry that the data allow is taken: a subgroup fits as well as the group, and what the model leaves
/// out (an impurity, other widths) better; and a group that is too high fits worse than its subgroups by more than noise.
struct SymmetryDecision {
    /// Recovers a structure in a group, from a start whose cell is known; nil where lines or positions do not allow it.
    typealias Refit = @Sendable (_ start: ReducedStructure, SpaceGroup) throws -> PowderResult?

    let measured: MeasuredPattern
    let settings: RecoverySettings.Groups
    let seed: UInt64
    let bounds: RefinementBounds
    let refit: Refit
    let progress: RecoveryProgress

    private var pattern: PowderPattern { measured.pattern }
    private var weights: [Double] { measured.weights }

    /// The result in the highest group that the pattern allows, and the clause that says so.
    func decide(_ result: PowderResult) throws -> PowderResult {
        var best = try withMisfit(result)
        let higher = try raised(best)
        if let accepted = higher.accepted { best = try withMisfit(accepted) }
        best.groupClause =
            higher.undecided ?? VerdictClause("group", .holds, "no higher symmetry fits as well")
        if best.groupClause?.outcome == .holds, let lower = try lowered(best) {
            (best.groupClause, best.lowered) = (lower.clause, lower.structure)
        }
        return best
    }

    /// The result with its clause, in the group that somebody asked for.
    func judged(_ result: PowderResult) throws -> PowderResult {
        var judged = try withMisfit(result)
        judged.groupClause = try clause(of: judged)
        return judged
    }

    private func clause(of result: PowderResult) throws -> VerdictClause {
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

    private func raised(_ result: PowderResult) throws -> (
        accepted: PowderResult?, undecided: VerdictClause?
    ) {
        let comparison = comparison(result)
        var undecided: VerdictClause?
        let groups: [(SpaceGroup, ReducedStructure)]
        do {
            groups = try supergroups(of: result.structure)
        } catch {
            // Such as atoms too near to one another; the clause of contacts says so too.
            return (nil, VerdictClause("group", .unknown, "no higher symmetry could be looked for: \(error)"))
        }
        for (group, start) in groups {
            try WorkLimit.check()
            guard let higher = try refit(start, group) else { continue }
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
            accepted.alternatives += [result.alternative] + result.alternatives
            // The higher group's search began at what this one found.
            accepted.confirmation = result.confirmation
            return (accepted, nil)
        }
        return (nil, undecided)
    }

    /// Groups that the atoms nearly have, the highest first, with the atoms brought to them.
    private func supergroups(of structure: ReducedStructure) throws(SymmetryFinderError) -> [(
        SpaceGroup, ReducedStructure
    )] {
        func density(_ structure: ReducedStructure) -> Double {
            Double(structure.spaceGroup.order) / structure.lattice.volume
        }
        let expanded = structure.expanded()
        let rungs = try SymmetryFinder.ladder(in: expanded, tolerances: settings.least...settings.reach)
        var groups: [(SpaceGroup, ReducedStructure)] = []
        for rung in rungs.reversed() {
            let group = rung.found.spaceGroup
            guard let start = try Self.brought(expanded, to: rung.found) else { continue }
            if density(start) > settings.gain * density(structure) { groups.append((group, start)) }
        }
        return groups
    }

    /// The atoms brought to a group that they nearly have; nil where they cannot be: it is not theirs.
    private static func brought(_ structure: CrystalStructure, to found: FoundSymmetry)
        throws(SymmetryFinderError) -> ReducedStructure?
    {
        let group = found.spaceGroup
        let standard: StandardizedStructure
        do {
            standard = try SymmetryFinder.standardize(
                structure, found, cell: .setting(hallNumber: group.hallNumber))
        } catch {
            switch error {
            case .otherGroup, .inconsistent, .notFound: return nil
            default: throw error
            }
        }
        do {
            return try ReducedStructure(reducing: standard.structure, in: group)
        } catch {
            // Images that no atom meets: the atoms do not have the group.
            guard case .symmetry(let error) = error else { return nil }
            throw error
        }
    }

    // MARK: Subgroups

    /// The maximal subgroup that fits better, and most so, by more than its parameters explain: its atoms have more coordinates, or its
    /// cell more parameters, by which lines split. No structure where one could not be calculated; nil where none fits better.
    private func lowered(_ result: PowderResult) throws -> (
        clause: VerdictClause, structure: ReducedStructure?
    )? {
        guard result.joint == nil, result.statistics.rwp > settings.exactRwp else { return nil }
        let comparison = comparison(result)
        let structure = result.structure
        var seen = Set<Int>()
        var tried = 0
        var uncalculated: VerdictClause?
        var best: (gain: Double, rwp: Double, structure: ReducedStructure)?
        for subgroup in structure.spaceGroup.translationengleicheSubgroups {
            guard tried < settings.subgroups, seen.insert(subgroup.conjugacyClass).inserted else { continue }
            try WorkLimit.check()
            let lower: ReducedStructure
            do {
                lower = try structure.inSubgroup(subgroup)
            } catch {
                continue
            }
            let isFreer =
                lower.latticeParameters.names.count > structure.latticeParameters.names.count
            guard isFreer || lower.freeCoordinates.count > structure.freeCoordinates.count else { continue }
            tried += 1
            // A cell of higher metric is a saddle between its distortions: each start leaves it another way.
            let fits = try (0..<(isFreer ? settings.strains : 1)).compactMap {
                number -> RietveldRefinement.Result? in
                let shake = Shake(amplitude: settings.shake, lattice: isFreer ? settings.strain : 0)
                do {
                    return try refined(
                        shake.applied(to: lower, seed: seed &+ UInt64(number)), like: result.refinement,
                        by: subgroup.transformation)
                } catch let error as LeastSquaresError where error == .startNotFinite {
                    // Another start may do.
                    return nil
                }
            }
            guard let fitted = fits.min(by: { $0.statistics.rwp < $1.statistics.rwp }) else {
                uncalculated = VerdictClause(
                    "group", .unknown,
                    "\(subgroup.spaceGroup.symbol) (\(subgroup.spaceGroup.number)), a subgroup, could not be calculated"
                )
                continue
            }
            let rwp = fitted.statistics.rwp
            let gain = evidence(
                (result.statistics.rwp, result.structure.degreesOfFreedom),
                (rwp, lower.degreesOfFreedom), result.statistics, comparison)
            let own = fitted.model.phases[0].structure
            guard gain > max(ModelComparison.decisive, best?.gain ?? 0),
                Contacts(own).shortestShare >= Contacts.sane
            else { continue }
            best = (gain, rwp, own)
        }
        guard let best else { return uncalculated.map { ($0, nil) } }
        let group = best.structure.spaceGroup
        let sentence = String(
            format:
                "%@ (%d), a subgroup, fits better than its parameters explain: Rwp %.2f %%, 2 ln K = %.0f",
            group.symbol, group.number, 100 * best.rwp, best.gain)
        return (VerdictClause("group", .unknown, sentence), best.structure)
    }

    /// - Parameter change: from the axes of the best structure to those of this one.
    private func refined(
        _ structure: ReducedStructure, like best: RietveldRefinement.Result, by change: ChangeOfBasis
    ) throws -> RietveldRefinement.Result {
        var model = best.model
        model.phases[0].structure = structure
        if let plane = model.phases[0].preferredOrientation?.plane {
            // h' = h P⁻¹, a direction whatever its length.
            model.phases[0].preferredOrientation?.plane = plane * change.inverse.numerators
        }
        let volumes = structure.lattice.volume / best.model.phases[0].structure.lattice.volume
        // The scale counts electrons of a cell.
        model.phases[0].scale /= volumes * volumes
        let own = Set(best.model.phases[0].structure.parameters.map(\.name))
        var refinement = RietveldRefinement()
        refinement.iterations = settings.iterations
        refinement.convergence = settings.convergence
        refinement.bounds = bounds.ranges
        let others = best.refined.map(\.parameter.name).filter { !own.contains($0) }
        return try refinement.refine(
            model, pattern: pattern, weights: weights, free: others + structure.parameters.map(\.name))
    }

    // MARK: Evidence

    /// With what it leaves beside free intensities; as it is where there is no noise.
    private func withMisfit(_ result: PowderResult) throws -> PowderResult {
        guard result.misfit == nil, result.statistics.rwp > settings.exactRwp else { return result }
        var known = result
        known.misfit = try StructuralMisfit.measured(
            result.refinement, pattern: pattern, weights: weights, bounds: bounds.ranges)
        return known
    }

    private func comparison(_ result: PowderResult) -> ModelComparison? {
        guard let misfit = result.misfit else { return nil }
        return ModelComparison(
            misfit,
            correlation: SerialCorrelation(
                observed: pattern.intensity, calculated: result.refinement.calculated, weights: weights),
            points: result.statistics.points, weightedSquares: result.statistics.weightedSquares)
    }

    /// 2 ln K for the lower symmetry; where there is no noise, whether the higher one leaves anything.
    private func evidence(
        for lower: PowderResult, over higher: PowderResult, _ comparison: ModelComparison?
    ) -> Double {
        evidence(
            (higher.statistics.rwp, higher.structure.degreesOfFreedom),
            (lower.statistics.rwp, lower.structure.degreesOfFreedom), lower.statistics, comparison)
    }

    private func evidence(
        _ higher: (rwp: Double, freedom: Int), _ lower: (rwp: Double, freedom: Int),
        _ statistics: RefinementStatistics, _ comparison: ModelComparison?
    ) -> Double {
        guard let comparison else { return higher.rwp <= settings.exactRwp ? -.infinity : .infinity }
        let norm = statistics.weightedSquares
        return comparison.evidence(
            for: (lower.rwp * lower.rwp * norm, lower.freedom),
            over: (higher.rwp * higher.rwp * norm, higher.freedom))
    }
}
