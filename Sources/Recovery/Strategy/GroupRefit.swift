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

    /// In the maximal subgroup that fits decisively better; nil where there is none.
    package func lowered(_ result: Result, pattern: PowderPattern, weights: [Double]) throws -> Result? {
        guard let lower = result.lowered,
            var found = try refit(try evidence(pattern, weights: weights, atLeast: 1))(
                lower, lower.spaceGroup)
        else { return nil }
        found.alternatives += [result.alternative] + result.alternatives
        return found
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

    /// The result with its exchanges of elements refined; where one of them fits better, or bond valences speak for it and against what
    /// was found, it is taken, and its exchanges are looked at: which element stands where is nothing that a solution without a start
    /// knows.
    package func withBestElements(_ result: Result, pattern: PowderPattern, weights: [Double]) throws
        -> Result
    {
        var best = try withExchanges(result, pattern: pattern, weights: weights)
        for _ in 0..<settings.solution.exchangeRounds {
            guard let better = betterExchange(of: best) else { break }
            let evidence = try evidence(pattern, weights: weights, atLeast: 1)
            let limit =
                better.isForBonds ? 1 + settings.solution.bondedShare : 1
            guard
                var next = try refit(evidence)(
                    better.alternative.structure, better.alternative.structure.spaceGroup),
                next.statistics.rwp < limit * best.statistics.rwp
            else { break }
            (next.groupClause, next.confirmation) = (best.groupClause, best.confirmation)
            next.alternatives += [best.alternative] + best.alternatives
            best = try withExchanges(next, pattern: pattern, weights: weights)
        }
        return best
    }

    /// Of the orders of a mixture the one that fits best, of those whose bonds are believed and that fit about as well; nil where there is
    /// none, or where bonds believe its exchanges as well.
    package func ordered(
        _ mixture: Result, pattern: PowderPattern, weights: [Double], progress: @escaping Progress
    ) throws -> Result? {
        let most = settings.solution.orders
        guard let orders = OrderedMixture(mixture.structure, most: most)?.structures else { return nil }
        let untextured =
            mixture.orientation.map { $0.isTaken ? $0.rwpWithout : mixture.statistics.rwp }
            ?? mixture.statistics.rwp
        let limit = (1 + settings.solution.bondedShare) * untextured
        let evidence = try evidence(pattern, weights: weights, atLeast: 1)
        let plain = refit(evidence)
        let fits = try orders.compactMap { try plain($0, $0.spaceGroup) }.filter {
            $0.statistics.rwp < limit && Contacts($0.structure).shortestShare >= Contacts.sane
                && hasBelievedBonds($0.structure) == true
        }
        guard var best = fits.min(by: { $0.statistics.rwp < $1.statistics.rwp }) else { return nil }
        (best.groupClause, best.confirmation) = (mixture.groupClause, mixture.confirmation)
        best.alternatives += [mixture.alternative] + mixture.alternatives
        let exchanged = try withExchanges(best, pattern: pattern, weights: weights)
        guard showsOrderByBonds(exchanged) else { return nil }
        return try textured(exchanged, pattern: pattern, weights: weights, progress: progress)
    }

    /// Whether bond valences tell the elements of a result apart: they believe it and none of its exchanges that fit about as well.
    package func showsOrderByBonds(_ result: Result) -> Bool {
        let limit = (1 + settings.solution.bondedShare) * result.statistics.rwp
        let near = result.exchanged.filter { $0.rwp < limit }
        return !result.exchanged.isEmpty && hasBelievedBonds(result.structure) == true
            && near.allSatisfy { hasBelievedBonds($0.structure) == false }
    }

    /// Nil where bond valences say nothing.
    private func hasBelievedBonds(_ structure: ReducedStructure) -> Bool? {
        let expanded = structure.expanded()
        return BondValenceSums(expanded).map {
            CommonBondScale($0, of: expanded).instability <= ProofLimits().instability
        }
    }

    /// The exchange that fits best, of those whose bonds are believed where there are any that fit about as well.
    private func betterExchange(of result: Result) -> (alternative: PowderAlternative, isForBonds: Bool)? {
        let share = settings.solution.bondedShare
        let sane = result.exchanged.filter { $0.shortestContact >= Contacts.sane }
        let own = hasBelievedBonds(result.structure)
        if own == false {
            let bonded = sane.filter {
                $0.rwp < (1 + share) * result.statistics.rwp && hasBelievedBonds($0.structure) == true
            }
            if let best = bonded.min(by: { $0.rwp < $1.rwp }) { return (best, true) }
        }
        let better = sane.filter { exchange in
            guard own == true, hasBelievedBonds(exchange.structure) == false else {
                return exchange.rwp < result.statistics.rwp
            }
            return exchange.rwp < (1 - share) * result.statistics.rwp
        }
        return better.min { $0.rwp < $1.rwp }.map { ($0, false) }
    }
}
