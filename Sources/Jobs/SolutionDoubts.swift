import Crystallography
import Diffraction
import Foundation
import Indexing
import Parameterization
import Recovery
import Refinement
import Symmetry

/// What `solve` asks of a structure beyond the proof of a recovery: a start said nothing of its cell, group and composition.
struct SolutionDoubts {
    let reading: CompanionPattern
    /// Of the pattern without known phases.
    let peaks: [Peak]
    /// Empty where the cell was given.
    let lattices: [IndexJob.Candidate]
    /// Whatever was refined on the way.
    let others: [PowderResult]
    let settings: RecoverySettings

    /// Each that does not hold.
    ///
    /// - Parameter lattice: that it was found in; nil where the cell was given.
    func clauses(_ outcome: RecoveryOutcome, in lattice: IndexJob.Candidate?) -> [VerdictClause] {
        let best = outcome.result
        return [
            simpler(than: best), crowded(beside: best), spacing(of: best), hydrogen(of: best),
            displacement(of: best),
            otherLattice(than: outcome),
            lattice.flatMap(smallerLattice), lattice.flatMap(higherMetric),
        ].compactMap { $0 }
    }

    /// Where lines stand at no reflection of the structure and another lattice has them.
    private func otherLattice(than outcome: RecoveryOutcome) -> VerdictClause? {
        let radiation = reading.instrument.radiation
        let left = UnexplainedLines(
            reading.pattern, radiation: radiation, reflections: outcome.fits[0].reflections,
            settings: settings.lines)
        let evidence = LatticeEvidence(lines: left.peaks.map(line), settings: settings.solution)
        return evidence.rival(among: lattices).map { rival in
            VerdictClause(
                "lattice", .unknown,
                String(
                    format: "%d of %d lines that stand at no reflection are those of %@ with %.1f Å³",
                    rival.lines, left.peaks.count, rival.lattice.cell.lattice.rawValue,
                    rival.lattice.lattice.volume))
        }
    }

    /// Where a likelier lattice of fewer points has every line, the larger cell is not shown.
    private func smallerLattice(than own: IndexJob.Candidate) -> VerdictClause? {
        untold(own) { other in
            other.probability > settings.solution.likelierLattice * own.probability
                && other.cell.primitiveVolume < 0.7 * own.cell.primitiveVolume
        } sentence: { name, volume in
            "no line tells the lattice from the likelier \(name) with \(volume)"
        }
    }

    /// Where a lattice of higher symmetry, about as likely, has every line and as many points or fewer: what this one's axes have in common is no
    /// accident (Mn2O3's cube, of which a tetragonal cell of a quarter explains nearly everything).
    private func higherMetric(than own: IndexJob.Candidate) -> VerdictClause? {
        untold(own) { other in
            other.cell.lattice.holohedryOrder > own.cell.lattice.holohedryOrder
                && settings.solution.likelierLattice * other.probability > own.probability
                && other.cell.primitiveVolume > 0.9 * own.cell.primitiveVolume
        } sentence: { name, volume in
            "no line tells the lattice from \(name) with \(volume), which has fewer parameters"
        }
    }

    /// The first of these lattices that leaves no line which this one has.
    private func untold(
        _ own: IndexJob.Candidate, where isRival: (IndexJob.Candidate) -> Bool,
        sentence: (_ name: String, _ volume: String) -> String
    ) -> VerdictClause? {
        let evidence = LatticeEvidence(lines: peaks.map(line), settings: settings.solution)
        let rival = lattices.first { other in
            isRival(other)
                && LatticeEvidence(lines: evidence.left(by: other), settings: settings.solution)
                    .rival(among: [own]) == nil
        }
        return rival.map {
            let volume = String(format: "%.1f Å³", $0.lattice.volume)
            return VerdictClause("lattice", .unknown, sentence($0.cell.lattice.rawValue, volume))
        }
    }

    private func line(_ peak: Peak) -> IndexingLine {
        IndexingLine(
            twoTheta: peak.twoTheta, sigma: peak.uncertainty,
            wavelength: reading.instrument.radiation.wavelength)
    }

    /// Where hydrogen has coordinates of its own, which X-rays do not show.
    private func hydrogen(of best: PowderRecovery.Result) -> VerdictClause? {
        guard reading.instrument.radiation.probe == .xray else { return nil }
        let isFree = best.structure.orbits.contains { orbit in
            orbit.occupants.first?.species.element.atomicNumber == 1 && !orbit.coordinates.isEmpty
        }
        return isFree
            ? VerdictClause("hydrogen", .unknown, "X-rays do not show where the hydrogen is") : nil
    }

    /// Where an element moves far more than the others: what stands there scatters less than what the formula gives.
    private func displacement(of best: PowderRecovery.Result) -> VerdictClause? {
        guard reading.instrument.radiation.probe == .xray else { return nil }
        var limits = FitVerdict.Limits()
        limits.doubtedB = settings.solution.doubtedDisplacement
        let lighter = FitVerdict.lighter(best.refinement.refined, limits)
        guard !lighter.isEmpty else { return nil }
        let names = lighter.joined(separator: ", ")
        return VerdictClause(
            "displacement", .unknown,
            "\(names), far more than the others: fewer electrons would explain it as well")
    }

    /// Where atoms stand nearer to one another than in nearly any crystal, though not on one place.
    private func spacing(of best: PowderRecovery.Result) -> VerdictClause? {
        let share = Contacts(best.structure).shortestShare
        guard share < settings.solution.doubtedContact else { return nil }
        return VerdictClause(
            "spacing", .unknown,
            String(format: "the shortest contact is %.2f of the covalent sum", share))
    }

    /// Where a structure that cannot be, its atoms being too near to one another, explains the pattern better: it has scattering where this one
    /// has none, so that a third one is likely to be right.
    private func crowded(beside best: PowderRecovery.Result) -> VerdictClause? {
        let limit = (1 - settings.solution.crowdedShare) * best.statistics.rwp
        let rival = others.first { other in
            other.statistics.rwp < limit && Contacts(other.structure).shortestShare < Contacts.sane
        }
        return rival.map { other in
            VerdictClause(
                "crowded", .unknown,
                String(
                    format:
                        "%@ leaves Rwp %.2f %% in place of %.2f %% with atoms too near to one another: scattering is missing here",
                    other.structure.spaceGroup.symbol, 100 * other.statistics.rwp,
                    100 * best.statistics.rwp))
        }
    }

    /// Where a structure with fewer parameters that was found on the way explains the pattern nearly as well, the pattern does
    /// not show the difference.
    private func simpler(than best: PowderRecovery.Result) -> VerdictClause? {
        let needed = 1 + settings.solution.simplerShare
        let rival = others.first { other in
            other.structure.degreesOfFreedom < best.structure.degreesOfFreedom
                && other.structure.spaceGroup != best.structure.spaceGroup
                && other.statistics.rwp < needed * best.statistics.rwp
                && Contacts(other.structure).shortestShare >= Contacts.sane
        }
        return rival.map { other in
            VerdictClause(
                "simpler", .unknown,
                String(
                    format:
                        "%@ with %d parameters leaves Rwp %.2f %%, this with %d %.2f %%: the pattern hardly shows the "
                        + "difference", other.structure.spaceGroup.symbol,
                    other.structure.degreesOfFreedom,
                    100 * other.statistics.rwp, best.structure.degreesOfFreedom, 100 * best.statistics.rwp
                ))
        }
    }
}
