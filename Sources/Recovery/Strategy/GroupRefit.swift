import Crystallography
import Parameterization
import Refinement
import Symmetry

extension PowderRecovery {
    /// Recovers a structure in another group, from a start whose cell is known; nil where lines or positions do not allow it.
    func refit(_ evidence: MeasuredPattern) -> SymmetryDecision.Refit {
        var narrow = self
        narrow.settings.cell.spreads = [settings.groups.spread]
        narrow.settings.atoms.starts = settings.groups.starts
        let recovery = narrow
        return { start, group in
            do {
                let stage = CellStage(evidence: evidence, settings: recovery.settings.cell)
                let cell = try stage.cell(around: start.lattice, in: group, progress: { _ in })
                let found = try recovery.placedAndRefined(
                    [start], cell: cell, evidence: evidence, progress: { _ in })
                return try recovery.textured(found, pattern: evidence.pattern, weights: evidence.weights)
            } catch is RecoveryError {
                return nil
            }
        }
    }

    /// The result in the highest group that the pattern allows, and the clause that says so.
    ///
    /// - Parameter isGroupAsked: whether somebody asked for its group, so that it stays and the clause alone is added.
    package func decided(
        _ result: Result, pattern: PowderPattern, weights: [Double], isGroupAsked: Bool,
        progress: @escaping Progress = { _ in }
    ) throws -> Result {
        let evidence = try evidence(pattern, weights: weights, atLeast: 1)
        let plain = refit(evidence)
        // What is held against a textured structure has its texture, too.
        let isTextured = result.orientation?.isTaken ?? false
        let decision = SymmetryDecision(
            measured: evidence, settings: settings.groups, seed: seed,
            bounds: settings.refinement.bounds,
            refit: { start, group in
                let found = try plain(start, group)
                guard isTextured, let found else { return found }
                return try textured(found, pattern: pattern, weights: weights)
            },
            progress: progress)
        return try isGroupAsked ? decision.judged(result) : decision.decide(result)
    }

    /// The result with its exchanges of elements refined.
    package func withExchanges(_ result: Result, pattern: PowderPattern, weights: [Double]) throws -> Result {
        var judged = result
        judged.exchanged = try ExchangedElements(
            settings: settings.rivals, bounds: settings.refinement.bounds
        ).alternatives(
            to:
                result, pattern: pattern, weights: weights)
        return judged
    }

    /// The result with its exchanges of elements refined; where one of them fits better it is taken, and its exchanges are looked
    /// at: which element stands where is nothing that a solution without a start knows.
    package func withBestElements(_ result: Result, pattern: PowderPattern, weights: [Double]) throws
        -> Result
    {
        var best = try withExchanges(result, pattern: pattern, weights: weights)
        for _ in 0..<settings.solution.exchangeRounds {
            let better = best.exchanged.filter {
                $0.shortestContact >= Contacts.sane && $0.rwp < best.statistics.rwp
            }.min { $0.rwp < $1.rwp }
            guard let better else { break }
            let evidence = try evidence(pattern, weights: weights, atLeast: 1)
            guard var next = try refit(evidence)(better.structure, better.structure.spaceGroup),
                next.statistics.rwp < best.statistics.rwp
            else { break }
            (next.groupClause, next.confirmation) = (best.groupClause, best.confirmation)
            next.alternatives += [best.alternative] + best.alternatives
            best = try withExchanges(next, pattern: pattern, weights: weights)
        }
        return best
    }
}
