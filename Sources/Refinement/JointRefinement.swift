import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// Refines one structure against several patterns at once (Rietveld), each point of each with its own weight: χ² is
/// the sum of the patterns' χ², so are the normal equations.
///
/// Cell, coordinates, displacements and occupancies are common and keep their names; scale, background, zero, widths
/// and all else of a measurement belong to a pattern and are called after it: `pattern2.zero`. So is `pattern2.wavelength`,
/// which moves the reflections of its pattern as a dilation of the cell would.
public struct JointRefinement: Sendable {
    /// Steps after which it stops unconverged.
    public var iterations = 60
    /// Ends when χ² falls by less than this share in a step.
    public var convergence = 1e-7
    /// Ranges that replace the parameters' own, by name, that of a pattern's own parameter without the pattern's; `*.B`
    /// names every B.
    public var bounds: [String: ClosedRange<Double>] = [:]
    /// What is known of the structure beside its patterns; each adds ((value − target)/σ)² to χ². Parameters of a pattern are not
    /// of the structure.
    public var restraints: [Restraint] = []

    /// The standard refinement.
    public init() {}

    /// Models, uncertainties and statistics of all patterns together.
    public struct Result: Sendable {
        /// In the order given: the model and its fit, and of the parameters those that the part depends on, without its
        /// name before them.
        public var parts: [RietveldRefinement.Result]
        /// The refined parameters, with uncertainties.
        public var refined: [RietveldRefinement.Refined]
        /// Of the refined parameters, in their order.
        public var covariance: ParameterCovariance
        /// Of all patterns together.
        public var statistics: RefinementStatistics
        /// Steps that it took.
        public var iterations: Int
        /// Whether the steps became small.
        public var converged: Bool
        /// What came of the restraints, in their order.
        public var restraints: [RestraintOutcome] = []
    }

    /// - `free`: common parameters, and those of the patterns with their pattern's name before them.
    public func refine(
        _ parts: [Part], free: [String],
        progress: ((_ iteration: Int, _ rwp: Double) -> Void)? = nil
    ) throws -> Result {
        let misfit = try JointMisfit(parts, free: free)
        let parameters = misfit.parameters
        var single = RietveldRefinement()
        single.iterations = iterations
        single.convergence = convergence
        single.bounds = bounds
        var own = parameters
        for k in own.indices { own[k].name = misfit.ownName(of: k) }
        let optimizer = single.optimizer(for: own)
        let norm = parts.reduce(0.0) { sum, part in
            zip(part.pattern.intensity, part.weights).reduce(sum) { $0 + $1.0 * $1.0 * $1.1 }
        }
        let restraint = try parts.first.flatMap {
            try RestraintMisfit(restraints, $0.model, free: parameters)
        }
        var failure: (any Error)?
        // The structure, as the first pattern's model has it.
        func held(_ x: [Double], _ body: (RestraintMisfit, PowderModel) throws -> Void) {
            guard let restraint else { return }
            do { try body(restraint, try misfit.model(0, at: x)) } catch { failure = error }
        }
        let solution = try optimizer.minimize(
            from: misfit.values,
            chiSquared: { x in
                var sum = misfit.chiSquared(at: x)
                held(x) { sum += $0.chiSquared($1) }
                return sum
            },
            normalEquations: { x, equations in
                misfit.normalEquations(at: x, into: &equations)
                held(x) { try $0.add(to: &equations, $1) }
            },
            progress: { step in
                try WorkLimit.check()
                progress?(step.iteration, (step.chiSquared / max(norm, 1e-300)).squareRoot())
                return true
            })
        if let failure { throw failure }
        let points = parts.reduce(0) { $0 + $1.weights.count { $0 > 0 } }
        let uncertainties = solution.standardUncertainties(observations: points)
        let covariance = ParameterCovariance(names: free, solution, observations: points)
        let refined = free.indices.map { k in
            var parameter = parameters[k]
            parameter.value = solution.parameters[k]
            return RietveldRefinement.Refined(
                parameter: parameter, uncertainty: uncertainties[k], isAtBound: solution.atBounds.contains(k))
        }
        let converged = solution.outcome == .converged || solution.outcome == .noDescent
        var results: [RietveldRefinement.Result] = []
        for (number, part) in parts.enumerated() {
            let model = try misfit.model(number, at: solution.parameters)
            let calculation = try PowderCalculation(model, twoTheta: part.pattern.twoTheta)
            let mine = free.indices.filter { misfit.concerns($0, part: number) }
            results.append(
                RietveldRefinement.Result(
                    model: model,
                    refined: mine.map { k in
                        var entry = refined[k]
                        entry.parameter.name = misfit.ownName(of: k)
                        return entry
                    }, covariance: covariance.selecting(mine, names: mine.map { misfit.ownName(of: $0) }),
                    calculated: calculation.calculated, background: calculation.background,
                    statistics: RefinementStatistics(
                        observed: part.pattern.intensity, calculated: calculation.calculated,
                        background: calculation.background, weights: part.weights, parameters: mine.count),
                    iterations: solution.iterations, converged: converged))
        }
        let statistics = RefinementStatistics(
            observed: parts.flatMap(\.pattern.intensity), calculated: results.flatMap(\.calculated),
            background: results.flatMap(\.background), weights: parts.flatMap(\.weights),
            parameters: free.count)
        return Result(
            parts: results, refined: refined, covariance: covariance, statistics: statistics,
            iterations: solution.iterations,
            converged: converged,
            restraints: try restraint.map { $0.outcome(try misfit.model(0, at: solution.parameters)) } ?? [])
    }
}
