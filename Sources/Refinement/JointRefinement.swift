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
        let norm = parts.reduce(0.0) { sum, part in
            zip(part.pattern.intensity, part.weights).reduce(sum) { $0 + $1.0 * $1.0 * $1.1 }
        }
        let restraint = try parts.first.flatMap {
            try RestraintMisfit(restraints, $0.model, free: parameters)
        }
        // The structure, as the first pattern's model has it.
        let solution = try optimizer(misfit).minimize(
            from: misfit.values,
            chiSquared: { x in
                let held = try restraint.map { $0.chiSquared(try misfit.model(0, at: x)) } ?? 0
                return misfit.chiSquared(at: x) + held
            },
            normalEquations: { x, equations in
                misfit.normalEquations(at: x, into: &equations)
                if let restraint { try restraint.add(to: &equations, try misfit.model(0, at: x)) }
            },
            progress: { step in
                try WorkLimit.check()
                progress?(step.iteration, (step.chiSquared / max(norm, 1e-300)).squareRoot())
                return true
            })
        let points = parts.reduce(0) { $0 + $1.weights.count { $0 > 0 } }
        let covariance = ParameterCovariance(names: free, solution, observations: points)
        let refined = RietveldRefinement.refined(parameters, solution, observations: points)
        let converged = solution.outcome == .converged || solution.outcome == .noDescent
        let results = try parts.enumerated().map { number, part in
            let model = try misfit.model(number, at: solution.parameters)
            let calculation = try PowderCalculation(model, twoTheta: part.pattern.twoTheta)
            let mine = free.indices.filter { misfit.concerns($0, part: number) }
            return RietveldRefinement.Result(
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
                iterations: solution.iterations, converged: converged)
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

    /// As of one pattern, by the names that the parameters have there.
    private func optimizer(_ misfit: JointMisfit) -> LevenbergMarquardt {
        var single = RietveldRefinement()
        (single.iterations, single.convergence, single.bounds) = (iterations, convergence, bounds)
        var own = misfit.parameters
        for k in own.indices { own[k].name = misfit.ownName(of: k) }
        return single.optimizer(for: own)
    }
}
