import Crystallography
import Diffraction
import Foundation
import Parameterization
import Patterns
import Refinement

/// Fits measured patterns of one sample with structures that are known.
package struct RefinementJob: Job {
    /// A measured pattern, and how it is calculated and fitted.
    package struct Item: Sendable {
        /// What reports call it: its file.
        package var name: String
        /// The part that is used.
        package var pattern: PowderPattern
        /// Degrees 2θ that are left out.
        package var excluded: [ClosedRange<Double>]
        /// How the wavelength was given; the instrument has it.
        package var illumination = Measurement.Illumination.ofPattern
        /// Whether nobody names a radiation, so that Cu Kα is taken.
        package var isWavelengthAssumed = false
        package var refinement: PatternRefinement

        package init(
            name: String, _ pattern: PowderPattern, excluded: [ClosedRange<Double>] = [],
            _ refinement: PatternRefinement
        ) {
            (self.name, self.pattern, self.excluded) = (name, pattern, excluded)
            self.refinement = refinement
        }

        package var weights: [Double] { pattern.weights(excluding: excluded) }
    }

    /// One at least.
    package var items: [Item]
    package var crystals: [PatternCrystal]
    /// Parameters freed together, stage by stage; nil for the usual ones.
    package var stages: [[String]]?
    /// Whether every reflection has an intensity of its own, the structure giving cell and group alone; one pattern only.
    package var freeIntensities = false
    /// Of the phases' particles, μm, for Brindley's correction of weight fractions; 0 for none, empty for none at all.
    package var particleDiameters: [Double] = []

    /// Of free intensities there are no coordinates to refine.
    private static let stagesOfFreeIntensities = [
        ["lattice", "displacement"], ["W", "X"], ["U", "V", "Y"],
    ]

    package init(_ items: [Item], _ crystals: [PatternCrystal]) {
        (self.items, self.crystals) = (items, crystals)
    }

    package struct Outcome: Sendable {
        package var items: [Item]
        /// One for each pattern.
        package var parts: [RietveldRefinement.Result]
        /// Of all patterns together; nil where there is one.
        package var joint: JointRefinement.Result?
        package var verdict: FitVerdict
        /// How each pattern's reflections agree; empty of free intensities.
        package var agreements: [BraggAgreement] = []
        /// Of the phases by each pattern; empty of free intensities.
        package var fractions: [WeightFractions] = []

        /// The structure of a phase as it was refined.
        package func structure(ofPhase phase: Int) -> ReducedStructure {
            parts[0].model.phases[phase].structure
        }
    }

    /// - Throws: `PatternError` for names that are no parameters and patterns that hold nothing, or `CancellationError`.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> Outcome {
        let stage: PatternRefinement.Progress = { number, rwp in
            report(.step("stage \(number): Rwp \(String(format: "%.2f %%", 100 * rwp))"))
        }
        var outcome = items.count > 1 ? try together(stage) : try alone(stage)
        try Task.checkCancellation()
        if items.contains(where: \.isWavelengthAssumed) {
            outcome.verdict = outcome.verdict.adding(FitVerdict.assumedWavelength)
        }
        guard !freeIntensities else { return outcome }
        if hasLooseMolecules(outcome) {
            outcome.verdict = outcome.verdict.adding(FitVerdict.looseMolecules)
        }
        outcome.agreements = try zip(items, outcome.parts).map { item, part in
            BraggAgreement(
                try PowderCalculation(part.model, twoTheta: item.pattern.twoTheta),
                observed: item.pattern.intensity, weights: item.weights)
        }
        outcome.fractions = try outcome.parts.map {
            try WeightFractions($0.model, covariance: $0.covariance, diameters: particleDiameters)
        }
        return outcome
    }

    /// Whether coordinates of a molecule's atoms are free, and neither restraints nor rigid groups were asked for.
    private func hasLooseMolecules(_ outcome: Outcome) -> Bool {
        let isHeld = items.contains { !$0.refinement.restraints.isEmpty || !$0.refinement.rigid.isEmpty }
        let refined = outcome.joint?.refined ?? outcome.parts[0].refined
        guard !isHeld, refined.contains(where: { $0.parameter.kind == .coordinate }) else { return false }
        return outcome.parts[0].model.phases.contains { MolecularBonds.areIn($0.structure) }
    }

    private func alone(_ progress: @escaping PatternRefinement.Progress) throws -> Outcome {
        let item = items[0]
        var refinement = item.refinement
        refinement.freeIntensities = freeIntensities
        if freeIntensities { refinement.stages = Self.stagesOfFreeIntensities }
        if let stages { refinement.stages = stages }
        let result = try refinement.refine(
            crystals, pattern: item.pattern, weights: item.weights, progress: progress)
        try Task.checkCancellation()
        let verdict = try FitVerdict.verdict(
            on: result, pattern: item.pattern, weights: item.weights, freeIntensities: freeIntensities)
        return Outcome(items: items, parts: [result], joint: nil, verdict: verdict)
    }

    private func together(_ progress: @escaping PatternRefinement.Progress) throws -> Outcome {
        let refined = RefinedWavelengths.chosen(
            items.map {
                ($0.illumination, $0.refinement.simulation.instrument.radiation.probe, $0.pattern.radiation)
            })
        var refinement = JointPatternRefinement(
            zip(items, refined).map { item, refinesWavelength in
                .init(
                    refinement: item.refinement, pattern: item.pattern, weights: item.weights,
                    refinesWavelength: refinesWavelength)
            })
        if let stages { refinement.stages = stages }
        let result = try refinement.refine(crystals, progress: progress)
        try Task.checkCancellation()
        let verdict = try FitVerdict.verdict(
            on: result, patterns: items.map(\.pattern), weights: items.map(\.weights))
        return Outcome(items: items, parts: result.parts, joint: result, verdict: verdict)
    }
}
