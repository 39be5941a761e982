import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// A minimum of the atom search and the start that it came from.
struct PlacedMinimum: Sendable {
    let minimum: AtomSearch.Candidate
    let start: ReducedStructure

    func score(_ selection: RecoverySettings.Selection) -> Double {
        selection.score(minimum.rwp, parameters: start.freeCoordinates.count)
    }
}

/// The last stage of a recovery from a measured pattern: the best minima refined with background and profiles against all
/// patterns, and the best of them taken.
struct MeasuredRefinement: Sendable {
    let evidence: MeasuredPattern
    let cell: FittedCell
    let settings: RecoverySettings
    let reference: CrystalStructure?
    let companions: [CompanionPattern]
    let refinesWavelength: Bool
    let progress: RecoveryProgress

    /// A structure refined against the first pattern, or against all.
    private struct Fit: Sendable {
        var refined: RietveldRefinement.Result
        var joint: JointRefinement.Result?
        let start: ReducedStructure
        let confirmation: SearchConfirmation

        var structure: ReducedStructure { refined.model.phases[0].structure }
        var rwp: Double { (joint?.statistics ?? refined.statistics).rwp }
        var contact: Double { Contacts(structure).shortestShare }
    }

    private var selection: RecoverySettings.Selection { settings.selection }

    /// - Parameter minima: the best first.
    /// - Throws: `RecoveryError.noCell` where there is none.
    func refine(_ minima: [PlacedMinimum]) throws -> PowderResult {
        var strategy = RefinementStrategy(instrument: evidence.instrument, settings: settings.refinement)
        (strategy.scatteringTable, strategy.dispersion) = (evidence.scatteringTable, evidence.dispersion)
        strategy.known = evidence.known
        var joint: JointStrategy?
        if let group = minima.first?.start.spaceGroup, !companions.isEmpty {
            joint = try JointStrategy(
                companions, beside: strategy, profile: cell.fit.profile, lattice: cell.lattice, in: group,
                refinesWavelength: refinesWavelength, settings: settings, progress: progress)
        }
        let fits = try fits(minima, strategy, joint)
        guard let best = fits.first else { throw RecoveryError.noCell }
        let described = try described(best, strategy, joint)
        // A description is a matter of taste: it must not cost anything of the fit.
        let final = described.rwp > best.rwp * selection.descriptionCost ? best : described
        var warnings = joint?.warnings ?? []
        if best.contact < Contacts.sane {
            warnings.append("atoms stand closer than \(Contacts.sane) of the sum of their covalent radii")
        }
        return PowderResult(
            structure: final.structure, start: best.start, refinement: final.refined, joint: final.joint,
            freeIntensityRwp: cell.rwp,
            alternatives: fits.dropFirst().map {
                PowderAlternative(
                    structure: $0.structure, rwp: $0.rwp, shortestContact: $0.contact)
            }, warnings: warnings, confirmation: best.confirmation)
    }

    /// The minima that are worth it, refined; a fit with overlapping atoms is no answer while another one is at hand.
    private func fits(_ minima: [PlacedMinimum], _ strategy: RefinementStrategy, _ joint: JointStrategy?)
        throws -> [Fit]
    {
        // What hardly scatters in the first pattern may decide in another: more is handed on to a joint fit.
        let factor = joint == nil ? selection.factor : selection.jointFactor
        let limit = (minima.first?.score(selection) ?? 1) * factor + selection.slack
        let count = joint == nil ? selection.minima : selection.jointMinima * selection.minima
        // What explains nearly nothing is refined once, to say so.
        let isHopeless =
            joint == nil
            && minima.allSatisfy {
                $0.minimum.rwp > max(selection.hopelessRwp, selection.hopelessFactor * cell.rwp)
            }
        let worthwhile = isHopeless ? Array(minima.prefix(1)) : minima.filter { $0.score(selection) <= limit }
        var number = 0
        let fits = try WorkLimit.map(
            chosen(worthwhile, best: count),
            { try self.fit($0, strategy, joint) },
            done: { _, fit in
                number += 1
                progress(
                    "candidate \(number): Rwp \(String(format: "%.2f %%", 100 * fit.rwp)), shortest contact "
                        + String(format: "%.2f of the covalent sum", fit.contact))
            })
        func score(_ fit: Fit) -> Double {
            selection.score(fit.rwp, parameters: fit.structure.freeCoordinates.count)
        }
        return fits.sorted { a, b in
            let (sane, other) = (a.contact >= Contacts.sane, b.contact >= Contacts.sane)
            return sane != other ? sane : score(a) < score(b)
        }
    }

    private func fit(_ placed: PlacedMinimum, _ strategy: RefinementStrategy, _ joint: JointStrategy?)
        throws -> Fit
    {
        let minimum = placed.minimum
        let result = try strategy.refine(
            minimum.structure, b: minimum.b, profile: cell.fit.profile, pattern: evidence.pattern,
            weights: evidence.weights, background: evidence.lines.background)
        var fit = Fit(refined: result, start: placed.start, confirmation: minimum.confirmation)
        if let joint {
            let whole = try joint.refine(result.model, pattern: evidence.pattern, weights: evidence.weights)
            (fit.refined, fit.joint) = (whole.parts[0], whole)
        }
        return fit
    }

    /// The best minima, and of every other way to occupy positions the best one; a minimum that was reached from two ways
    /// is one.
    private func chosen(_ minima: [PlacedMinimum], best count: Int) -> [PlacedMinimum] {
        var kept: [PlacedMinimum] = []
        for placed in minima {
            let isKnown = kept.contains { other in
                other.start.spaceGroup == placed.start.spaceGroup
                    && abs(other.minimum.rwp - placed.minimum.rwp)
                        < selection.sameMinimum * placed.minimum.rwp
            }
            guard !isKnown else { continue }
            let isNew = !kept.contains { $0.start == placed.start }
            if kept.count < count || isNew && kept.count < max(count, selection.rivals) {
                kept.append(placed)
            }
        }
        return kept
    }

    /// The last cycles, run in the description nearest to the reference's, else the start's, so that values, names and
    /// uncertainties belong together.
    private func described(_ best: Fit, _ strategy: RefinementStrategy, _ joint: JointStrategy?) throws -> Fit
    {
        var described = best
        var model = best.refined.model
        model.phases[0].structure = model.phases[0].structure.described(
            like: try known(in: best.start.spaceGroup) ?? best.start)
        if let joint, let whole = best.joint {
            let models = whole.parts.map { part in
                var own = part.model
                own.phases[0].structure = model.phases[0].structure
                return own
            }
            let again = try joint.finish(models, pattern: evidence.pattern, weights: evidence.weights)
            (described.refined, described.joint) = (again.parts[0], again)
        } else {
            described.refined = try strategy.finish(
                model, pattern: evidence.pattern, weights: evidence.weights, profile: cell.fit.profile)
        }
        return described
    }

    /// The reference, where it stands in this group and setting: origin, labels and order are then its own.
    private func known(in group: SpaceGroup) throws(ReductionError) -> ReducedStructure? {
        guard let reference else { return nil }
        do {
            return try ReducedStructure(
                reducing: reference, in: group, tolerance: selection.referenceTolerance)
        } catch .missingImage, .incompleteOrbit {
            // A reference of another group or setting describes nothing here.
            return nil
        }
    }
}
