import CrystalFiles
import Crystallography
import NumericalMethods
import Parameterization
import Recovery
import Refinement

/// How what was found is judged: its group, its elements, texture, and the proof.
extension SolutionJob.Search {
    /// With the highest symmetry that the pattern allows, exchanges of elements, and the proof.
    ///
    /// - Parameter lattice: that it was found in; nil where the cell was given.
    func judged(
        _ result: PowderRecovery.Result, in lattice: IndexJob.Candidate?,
        _ report: @escaping JobProgress.Sink
    ) throws -> RecoveryOutcome {
        let progress: PowderRecovery.Progress = { report(.step($0)) }
        let (pattern, weights) = (reading.pattern, reading.weights)
        func decided(_ result: PowderRecovery.Result) throws -> PowderRecovery.Result {
            try recovery.decided(
                result, pattern: pattern, weights: weights, isGroupAsked: job.spaceGroup != nil,
                progress: progress)
        }
        var best = try decided(result)
        if let energy = job.energy {
            let decision = try energy.decide(
                best, pattern: reading.pattern, weights: reading.weights, progress: progress)
            best = decision.result
            best.warnings += decision.sentences
        }
        let exchanged = try recovery.withBestElements(best, pattern: pattern, weights: weights)
        let textured = try recovery.textured(
            exchanged, pattern: pattern, weights: weights, progress: progress)
        let hasTexture = textured.orientation?.isTaken ?? false
        // With other elements on its places, or with texture, another group may be the highest.
        best =
            hasTexture || exchanged.statistics.rwp != best.statistics.rwp
            ? try decided(textured) : textured
        if mixture(in: best) != nil,
            let ordered = try recovery.ordered(
                best, pattern: pattern, weights: weights, progress: progress)
        {
            best = ordered
        }
        let order = try ElementOrder(recovery).doubt(of: best, pattern: pattern, weights: weights)
        if let order, order.mixture.statistics.rwp <= best.statistics.rwp,
            !recovery.showsOrderByBonds(best)
        {
            // With fewer parameters it fits no worse: the order is nothing that the pattern says.
            var mixture = order.mixture
            mixture.alternatives += [best.alternative] + best.alternatives
            mixture.confirmation = best.confirmation
            best = try decided(mixture)
        }
        var outcome = try outcome(of: best)
        let doubts = SolutionDoubts(
            reading: reading, peaks: try evidence().lines.peaks, lattices: lattices,
            others: candidates.map(\.result), settings: job.settings)
        outcome.proof = Proof(
            outcome.proof.clauses + [order?.clause ?? mixture(in: best), shares].compactMap { $0 }
                + doubts.clauses(outcome, in: lattice))
        return outcome
    }

    /// That elements which the formula does not say to share do: the pattern shows no order of them, and no disorder.
    func mixture(in result: PowderRecovery.Result) -> VerdictClause? {
        guard SharedPositions(job.formula, job.settings.solution) == nil,
            let mixed = result.structure.orbits.first(where: { $0.occupants.count > 1 })
        else { return nil }
        let names = mixed.occupants.map(\.species.element.symbol).joined(separator: " and ")
        return VerdictClause(
            "order", .unknown,
            "\(names) scatter alike and are mixed on their places: the pattern does not show their order")
    }

    /// In which parts elements share is the formula's word: a scale and displacements take up what other parts would scatter.
    private var shares: VerdictClause? {
        guard job.assumesShares || SharedPositions(job.formula, job.settings.solution) != nil else {
            return nil
        }
        let sentence =
            job.assumesShares
            ? "the formula gives no numbers for elements that share: equal parts are assumed"
            : "in which parts positions are shared or empty is the formula's word and not asked of the pattern"
        return VerdictClause("shares", .unknown, sentence)
    }

    /// As it was refined, where it could not be judged.
    ///
    /// - Parameter clause: what says so: `time`, or `judgement` where its numbers are no numbers.
    func unjudged(_ result: PowderRecovery.Result, _ clause: String, because reason: String) throws
        -> RecoveryOutcome
    {
        var outcome = try outcome(of: result)
        outcome.proof = Proof(outcome.proof.clauses + [VerdictClause(clause, .unknown, reason)])
        return outcome
    }

    func outcome(of result: PowderRecovery.Result) throws -> RecoveryOutcome {
        var best = result
        // What other cells, groups and numbers of formula units gave stands against it as well.
        best.alternatives += candidates.map(\.result.alternative)
        let composition = CrystalStructure(
            title: job.formula.text(.given), lattice: best.structure.lattice, sites: [])
        var outcome = try RecoveryOutcome(
            best, from: NamedRecord(name: job.formula.text(.given), CrystalRecord(composition)),
            [job.measurement], [reading], reference: job.reference, settings: job.settings,
            known: known)
        outcome.seed = job.seed
        outcome.warnings =
            reading.pattern.remarks.map { "\(job.measurement.name): \($0)" } + outcome.warnings
        return outcome
    }
}
