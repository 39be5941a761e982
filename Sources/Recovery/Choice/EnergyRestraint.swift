import Crystallography
import Diffraction
import Energies
import Foundation
import NumericalMethods
import Parameterization
import Refinement

/// Holds the coordinates that a pattern leaves loose, light atoms beside heavy ones first of all, by a potential's energy.
///
/// The free coordinates descend on Rwp + w · (energy per atom), whose gradients both exist in the reduced parameters; in turn
/// with them everything else is refined against the pattern alone. Cell, profile and displacements are the pattern's.
package struct EnergyRestraint: Sendable {
    package var potential: any InteratomicPotential
    /// Rwp (as a fraction) that an eV per atom outweighs.
    package var weight: Double
    /// Turns of coordinates and everything else.
    package var rounds = 4
    /// Of the energy, in one turn.
    package var evaluations = 80
    /// Rwp (a fraction) that a turn must gain for another one.
    package var gain = 1e-6
    /// Relative change of the sum at which a descent ends.
    package var tolerance = 1e-9

    package init(_ potential: any InteratomicPotential, weight: Double) {
        (self.potential, self.weight) = (potential, weight)
    }

    /// - Returns: the refinement with the coordinates restrained; they have no standard uncertainty, which would be of the pattern
    ///   alone. Unchanged where no coordinate was refined or the weight is nought.
    /// - Throws: what the potential or the refinement says.
    package func refine(
        _ start: RietveldRefinement.Result, pattern: PowderPattern, weights: [Double]
    ) throws -> RietveldRefinement.Result {
        let structure = start.model.phases[0].structure
        let refined = Set(start.refined.map(\.parameter.name))
        let coordinates = structure.parameters.enumerated().filter {
            $0.element.kind == .coordinate && refined.contains($0.element.name)
        }
        guard !coordinates.isEmpty, weight > 0 else { return start }
        let names = coordinates.map(\.element.name)
        let others = start.refined.map(\.parameter.name).filter { !names.contains($0) }
        _ = try potential.evaluate(structure)
        var result = start
        var last = Double.infinity
        for _ in 0..<rounds {
            let descent = try descend(
                result.model, pattern, weights, names: names, places: coordinates.map(\.offset),
                scales: coordinates.map(\.element.scale))
            result.model = descent.model
            if !others.isEmpty {
                var refinement = RietveldRefinement()
                refinement.bounds = RefinementBounds().ranges
                result = try refinement.refine(
                    descent.model, pattern: pattern, weights: weights, free: others)
            }
            guard descent.loss < last - gain else { break }
            last = descent.loss
        }
        return Self.completed(result, as: start, pattern, weights)
    }

    /// L-BFGS on the coordinates alone.
    private func descend(
        _ model: PowderModel, _ pattern: PowderPattern, _ weights: [Double], names: [String], places: [Int],
        scales: [Double]
    ) throws -> (model: PowderModel, loss: Double) {
        let calculation = try PowderCalculation(model, twoTheta: pattern.twoTheta, free: names)
        let observed = pattern.intensity
        let norm = zip(observed, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        var (best, lowest) = (calculation.values, Double.infinity)
        var cotangent = [Double](repeating: 0, count: observed.count)
        var minimizer = Minimizer(.lbfgs)
        minimizer.maximumEvaluations = evaluations
        minimizer.relativeValueTolerance = tolerance
        _ = try minimizer.minimize(from: zip(best, scales).map { $0 / $1 }) { x, gradient in
            let values = zip(x, scales).map { $0 * $1 }
            calculation.values = values
            let structure = calculation.model.phases[0].structure
            guard let energy = try potential.evaluationIfPossible(structure) else { return .infinity }
            let misfit = calculation.withCalculated { y in
                var sum = 0.0
                for i in observed.indices {
                    let difference = y[i] - observed[i]
                    cotangent[i] = weights[i] * difference
                    sum += cotangent[i] * difference
                }
                return sum
            }
            let rwp = max((misfit / norm).squareRoot(), 1e-12)
            let loss = rwp + weight * energy.energyPerAtom
            if loss < lowest { (best, lowest) = (values, loss) }
            if !gradient.isEmpty {
                let slopes = calculation.gradient(of: cotangent)
                let pulls = energy.gradient(in: structure)
                let share = weight / Double(energy.forces.count)
                for k in names.indices {
                    gradient[k] = scales[k] * (slopes[k] / (norm * rwp) + share * pulls[places[k]])
                }
            }
            return loss
        }
        calculation.values = best
        return (calculation.model, lowest)
    }

    /// Every parameter of `start` with its value of now, and statistics that count them all.
    private static func completed(
        _ end: RietveldRefinement.Result, as start: RietveldRefinement.Result, _ pattern: PowderPattern,
        _ weights: [Double]
    ) -> RietveldRefinement.Result {
        var result = end
        let coordinates = end.model.phases[0].structure.parameters
        result.refined = start.refined.map { old in
            if let known = end.refined.first(where: { $0.parameter.name == old.parameter.name }) {
                return known
            }
            var row = old
            row.uncertainty = nil
            if let now = coordinates.first(where: { $0.name == row.parameter.name }) {
                row.parameter.value = now.value
            }
            return row
        }
        result.statistics = RefinementStatistics(
            observed: pattern.intensity, calculated: end.calculated, background: end.background,
            weights: weights, parameters: start.refined.count)
        return result
    }
}
