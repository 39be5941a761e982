import Crystallography
import Diffraction
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Symmetry

/// Arms that look at a potential's energy: alone, before the pattern, or together with it.
///
/// Only what was distorted is free, as for the arms that descend on the pattern.
package struct EnergyArm: RecoveryArm {
    package enum Method: String, Sendable, Hashable, CaseIterable {
        /// Relaxation from the start, without symmetry and without pattern.
        case energy
        /// Relaxation in the reduced space, without pattern.
        case energySymmetry = "energy-symmetry"
        /// The same, then `patternSymmetry` from where it ended.
        case energyThenPattern = "energy-then-pattern"
        /// Similarity and energy together in the reduced space, the energy's weight falling to nothing.
        case patternAndEnergy = "pattern+energy"
        /// The similarity alone by the same optimiser in the same space: what the energy adds is seen against it.
        case patternSymmetry = "pattern-symmetry"
    }

    package let method: Method
    package let measure: SimilarityMeasure
    let potential: any InteratomicPotential
    /// Similarity that an eV per atom outweighs, stage by stage.
    package var weights = [1, 0.1, 0.0]
    /// Evaluations of a relaxation, and of each stage of a descent.
    package var evaluations = 150

    package init(
        _ method: Method, potential: any InteratomicPotential, measure: SimilarityMeasure = .cosine
    ) {
        (self.method, self.potential, self.measure) = (method, potential, measure)
    }

    package var name: String { method.rawValue }
    package var prior: PriorKnowledge { method == .energy ? .none : .positions }
    package var takesMeasuredPatterns: Bool { false }
    package var objective: String {
        switch method {
        case .energy, .energySymmetry: ""
        case .energyThenPattern, .patternAndEnergy, .patternSymmetry: measure.name
        }
    }

    package func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference) throws
        -> ArmOutcome
    {
        guard method != .energy else {
            let relaxed = try relaxed(try PatternObjective.withoutSymmetry(start), sample.noise.kind)
            return ArmOutcome(structure: relaxed.structure.expanded(), note: relaxed.note)
        }
        var assignment = SkeletonAssignment()
        assignment.seed = sample.streamSeed
        let placed = try assignment.assign(start, on: reference.reduced).structure
        switch method {
        case .energy, .energySymmetry:
            let relaxed = try relaxed(placed, sample.noise.kind)
            return ArmOutcome(structure: relaxed.structure.expanded(), note: relaxed.note)
        case .energyThenPattern:
            let relaxed = try relaxed(placed, sample.noise.kind)
            let end = try descent(relaxed.structure, sample, reference, weights: [0])
            return ArmOutcome(
                structure: end.structure, path: end.path, note: relaxed.note + ", then " + end.note)
        case .patternAndEnergy: return try descent(placed, sample, reference, weights: weights)
        case .patternSymmetry: return try descent(placed, sample, reference, weights: [0])
        }
    }

    private func relaxed(_ start: ReducedStructure, _ kind: NoiseLevel.Kind) throws -> (
        structure: ReducedStructure, note: String
    ) {
        var relaxation = Relaxation()
        relaxation.relaxesCell = kind != .coordinates
        relaxation.relaxesPositions = kind != .lattice
        relaxation.maximumEvaluations = evaluations
        let result = try relaxation.relax(start, potential)
        return (
            result.structure,
            "\(result.outcome.rawValue) after \(result.last.evaluations) evaluations of the energy"
        )
    }

    /// L-BFGS on 1 − similarity + w · energy per atom, for each weight w in turn.
    private func descent(
        _ start: ReducedStructure, _ sample: RecoverySample, _ reference: RecoveryReference,
        weights: [Double]
    ) throws -> ArmOutcome {
        let objective = try PatternObjective(
            start, target: reference.target, measure: measure, noise: sample.noise.kind)
        guard !objective.names.isEmpty else {
            return ArmOutcome(structure: start.expanded(), note: "nothing is free")
        }
        let places = try objective.names.map { name in
            guard let place = start.parameters.firstIndex(where: { $0.name == name }) else {
                throw StudyError.structure(name: reference.name, reason: "no parameter \(name)")
            }
            return place
        }
        func energy() throws -> (perAtom: Double, gradient: [Double])? {
            let structure = objective.calculation.model.phases[0].structure
            guard let evaluation = try potential.evaluationIfPossible(structure) else { return nil }
            let slopes = evaluation.gradient(in: structure)
            let count = Double(evaluation.forces.count)
            return (
                evaluation.energyPerAtom,
                zip(places, objective.scales).map { slopes[$0] * $1 / count }
            )
        }
        var best = objective.calculation.values
        var (path, count) = ([Double](), 0)
        for weight in weights {
            var lowest = Double.infinity
            var minimizer = Minimizer(.lbfgs)
            minimizer.maximumEvaluations = evaluations
            _ = try minimizer.minimize(from: zip(best, objective.scales).map { $0 / $1 }) { x, gradient in
                let p = zip(x, objective.scales).map { $0 * $1 }
                count += 1
                guard let pattern = objective.evaluate(p) else { return .infinity }
                var (loss, slopes) = pattern
                if weight > 0 {
                    guard let energy = try energy() else { return .infinity }
                    loss += weight * energy.perAtom
                    for i in slopes.indices { slopes[i] += weight * energy.gradient[i] }
                }
                if loss < lowest { (best, lowest) = (p, loss) }
                if !gradient.isEmpty { gradient = slopes }
                return loss
            }
            path.append(lowest)
        }
        objective.calculation.values = best
        return ArmOutcome(
            structure: objective.calculation.model.phases[0].structure.expanded(), path: path,
            note: "\(count) evaluations")
    }
}
