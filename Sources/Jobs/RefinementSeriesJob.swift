import Diffraction
import Foundation
import Patterns
import Refinement

/// Fits measured patterns one after the other, temperature by temperature: each begins with what the one before ended with.
package struct RefinementSeriesJob: Job {
    /// A pattern of the series.
    package struct Step: Sendable {
        package var item: RefinementJob.Item
        /// Temperature, pressure, time, or its number.
        package var value: Double

        package init(_ item: RefinementJob.Item, value: Double) { (self.item, self.value) = (item, value) }
    }

    /// What came of one; the series goes on where one fails.
    package struct StepOutcome: Sendable {
        package var name: String
        package var value: Double
        package var outcome: RefinementJob.Outcome?
        /// Why there is none; one line.
        package var trouble: String?
    }

    package var steps: [Step]
    package var crystals: [PatternCrystal]
    /// As in `RefinementJob`.
    package var stages: [[String]]?
    package var particleDiameters: [Double] = []

    package init(_ steps: [Step], _ crystals: [PatternCrystal]) {
        (self.steps, self.crystals) = (steps, crystals)
    }

    /// - Throws: `CancellationError`; what is wrong with one pattern is said in its outcome.
    package func run(reporting report: @escaping JobProgress.Sink) throws -> [StepOutcome] {
        var crystals = crystals
        var carried: PowderModel?
        var outcomes: [StepOutcome] = []
        for (number, step) in steps.enumerated() {
            try Task.checkCancellation()
            var item = step.item
            if let carried { Self.carry(carried, into: &item.refinement.simulation) }
            var job = RefinementJob([item], crystals)
            (job.stages, job.particleDiameters) = (stages, particleDiameters)
            var result = StepOutcome(name: item.name, value: step.value)
            do {
                let outcome = try job.run { _ in }
                let rwp = String(format: "%.2f %%", 100 * outcome.parts[0].statistics.rwp)
                report(.step("\(item.name): Rwp \(rwp)", done: number + 1, of: steps.count))
                result.outcome = outcome
                // What did not converge is no place to begin.
                if outcome.parts[0].converged {
                    carried = outcome.parts[0].model
                    crystals = crystals.indices.map { k in
                        PatternCrystal(
                            file: crystals[k].file, structure: outcome.structure(ofPhase: k),
                            warnings: crystals[k].warnings)
                    }
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                result.trouble = "\(error)"
                report(.remark("\(item.name): \(error)"))
            }
            outcomes.append(result)
        }
        return outcomes
    }

    /// Widths, shifts, texture and microstrain of the one before; the radiation stays the pattern's own, scales and
    /// background begin anew.
    private static func carry(_ model: PowderModel, into simulation: inout PatternSimulation) {
        let radiation = simulation.instrument.radiation
        simulation.instrument = model.instrument
        simulation.instrument.radiation = radiation
        simulation.preferredOrientations = model.phases.map(\.preferredOrientation)
        simulation.textures = model.phases.map { phase in
            phase.texture.map {
                .named(Dictionary(zip($0.names, $0.values), uniquingKeysWith: { first, _ in first }))
            }
        }
        simulation.microstrains = model.phases.map { phase in
            guard let microstrain = phase.microstrain else { return nil }
            var values = Dictionary(
                zip(microstrain.invariants.forms.map(\.name), microstrain.values),
                uniquingKeysWith: { first, _ in first })
            values["zeta"] = microstrain.lorentzianShare
            return .named(values)
        }
    }
}
