import Crystallography
import Diffraction
import Energies
import NumericalMethods
import Parameterization

extension LandscapeObjective {
    /// Prepares the objective for one thread.
    ///
    /// - Parameters:
    ///   - structure: the truth, which the evaluator starts from.
    ///   - free: names of parameters, in the order of the vectors that are evaluated.
    ///   - memory: of the patterns along `free`'s one parameter, shared with objectives that differ in their measure
    ///     only.
    package func evaluator(
        _ structure: ReducedStructure, free: [String], memory: PatternMemory? = nil
    ) throws -> LandscapeEvaluator {
        try LandscapeEvaluator(
            self, structure: structure, free: free, memory: free.count == 1 ? memory : nil)
    }
}

/// An objective prepared for many evaluations along some parameters of a structure. Not `Sendable`.
package final class LandscapeEvaluator {
    package let names: [String]
    /// Values of the parameters at the truth.
    package let truth: [Double]
    let calculation: PowderCalculation?
    let target: [Double]
    private let objective: LandscapeObjective
    private let prepared: PreparedSimilarity?
    private let sign: Double
    private let positions: [Int]
    private var structure: ReducedStructure
    private let energyAtTruth: Double
    private let memory: PatternMemory?
    /// Where atoms collide there is no energy: a potential was not trained there.
    private let contacts: ContactLimit?
    package private(set) var evaluations = 0
    /// What the potential said where it failed.
    private var failure: (any Error)?

    init(
        _ objective: LandscapeObjective, structure: ReducedStructure, free: [String], memory: PatternMemory?
    ) throws {
        self.memory = memory
        self.objective = objective
        self.structure = structure
        names = free
        let all = structure.parameters
        var positions: [Int] = []
        for name in free {
            guard let position = all.firstIndex(where: { $0.name == name }) else {
                throw LandscapeError.unknownParameter(name, known: all.map(\.name))
            }
            positions.append(position)
        }
        self.positions = positions
        truth = positions.map { all[$0].value }
        if let term = objective.pattern, !term.model.phases.isEmpty {
            var model = term.model
            model.phases[0].structure = structure
            let calculation = try PowderCalculation(model, twoTheta: term.twoTheta, free: free)
            self.calculation = calculation
            target = term.target ?? calculation.calculated
            prepared = term.measure.prepared(
                target: target, twoTheta: term.twoTheta, weights: term.weights)
            sign = term.measure.isSimilarity ? -1 : 1
        } else {
            (calculation, target, prepared, sign) = (nil, [], nil, 1)
        }
        energyAtTruth = try objective.energy?.evaluate(structure).energyPerAtom ?? 0
        contacts = objective.energy == nil ? nil : ContactLimit(of: structure)
    }

    /// Whether the parameters span a cell and, where there is an energy, no atoms collide and the potential has an
    /// answer.
    func isInDomain(_ p: [Double]) -> Bool {
        guard let moved = moved(to: p) else { return false }
        guard objective.energy != nil else { return true }
        return energyEvaluation(of: moved) != nil
    }

    /// nil where atoms collide, and once the potential has failed.
    private func energyEvaluation(of structure: ReducedStructure) -> EnergyEvaluation? {
        guard failure == nil else { return nil }
        do {
            return try objective.energy?.evaluationIfPossible(structure)
        } catch {
            failure = error
            return nil
        }
    }

    /// To be asked when evaluations have no value, before that is taken for an answer.
    ///
    /// - Throws: what the potential said where it failed (a client that died): no landscape is like that.
    package func checkPotential() throws {
        if let failure { throw failure }
    }

    /// The pattern at a value of the one free parameter.
    func withPattern<R>(at x: Double, _ body: (UnsafeBufferPointer<Double>) -> R) -> R? {
        guard let calculation else { return nil }
        if let memory {
            return memory.entry(of: calculation, at: x, derivative: false).pattern
                .withUnsafeBufferPointer(body)
        }
        calculation.values = [x]
        return calculation.withCalculated(body)
    }

    /// nil where there is no crystal to evaluate.
    private func moved(to p: [Double]) -> ReducedStructure? {
        var vector = structure.parameterVector
        for (position, value) in zip(positions, p) { vector[position] = value }
        structure.parameterVector = vector
        guard structure.latticeParameters.isCell, contacts?.allows(structure) ?? true else { return nil }
        return structure
    }

    /// The objective and its gradient with respect to the parameters, unscaled; not a number where there is no
    /// crystal.
    package func evaluate(_ p: [Double], gradient: Bool = true) -> (value: Double, gradient: [Double]) {
        evaluations += 1
        let none = (Double.nan, [Double](repeating: .nan, count: gradient ? names.count : 0))
        guard let moved = moved(to: p) else { return none }
        var value = 0.0
        var slopes = [Double](repeating: 0, count: gradient ? names.count : 0)
        if let calculation, let prepared, let memory, let x = p.first {
            let entry = memory.entry(of: calculation, at: x, derivative: gradient)
            if gradient {
                let cotangent = prepared.valueAndGradient(entry.pattern)
                value += sign < 0 ? 1 - cotangent.value : cotangent.value
                var slope = 0.0
                for i in entry.derivative.indices { slope += cotangent.gradient[i] * entry.derivative[i] }
                slopes[0] += sign * slope
            } else {
                let plain = prepared.value(entry.pattern)
                value += sign < 0 ? 1 - plain : plain
            }
        } else if let calculation, let prepared {
            calculation.values = p
            let isSimilarity = sign < 0
            if gradient {
                let cotangent = calculation.withCalculated { _ in
                    prepared.valueAndGradient(calculation.calculated)
                }
                value += isSimilarity ? 1 - cotangent.value : cotangent.value
                for (k, slope) in calculation.gradient(of: cotangent.gradient).enumerated() {
                    slopes[k] += sign * slope
                }
            } else {
                let plain = prepared.evaluate(calculation.calculated, gradient: nil)
                value += isSimilarity ? 1 - plain : plain
            }
        }
        if objective.energy != nil {
            guard let evaluation = energyEvaluation(of: moved) else { return none }
            value += objective.energyWeight * (evaluation.energyPerAtom - energyAtTruth)
            if gradient {
                let all = evaluation.gradient(in: moved)
                let factor = objective.energyWeight / Double(max(1, evaluation.forces.count))
                for (k, position) in positions.enumerated() { slopes[k] += factor * all[position] }
            }
        }
        return (value, slopes)
    }
}
