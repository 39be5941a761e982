import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// Refines a powder model against a measured pattern, point by point (Rietveld 1969), by Levenberg–Marquardt with
/// analytic derivatives.
public struct RietveldRefinement: Sendable {
    /// Steps after which it stops unconverged.
    public var iterations = 60
    /// Ends when χ² falls by less than this share in a step.
    public var convergence = 1e-7
    /// Ranges that replace the parameters' own, by name; `*.B` names every B.
    public var bounds: [String: ClosedRange<Double>] = [:]
    /// Whether every reflection has an intensity of its own instead of the structure's (Pawley 1981); scales,
    /// coordinates, displacements and occupancies are then without effect and must not be free.
    package var freeIntensities = false
    /// What is known beside the pattern; each adds ((value − target)/σ)² to χ².
    public var restraints: [Restraint] = []

    /// Groups of atoms that keep their distances; their parameters can be free, their atoms' coordinates cannot. Where a group is in
    /// several refinements one after the other, each begins with what the one before ended with (`Result.rigid`).
    public var rigid: [RigidBody] = []

    /// The standard refinement.
    public init() {}

    /// A refined parameter with its uncertainty.
    public struct Refined: Sendable, Hashable {
        /// Name, value, unit and bounds.
        public var parameter: Parameter
        /// One standard uncertainty, √(C_ii · χ²/(N − P)); nil where the data do not determine it.
        public var uncertainty: Double?
        /// Whether it stopped at a bound that χ² presses against.
        public var isAtBound: Bool
        /// Whether it turns a rigid group: a coordinate in degrees.
        public var isTurn: Bool

        package init(
            parameter: Parameter, uncertainty: Double?, isAtBound: Bool = false, isTurn: Bool = false
        ) {
            (self.parameter, self.uncertainty, self.isAtBound) = (parameter, uncertainty, isAtBound)
            self.isTurn = isTurn
        }

        /// `Å`, `°`, `Å²`, or empty.
        public var unit: String { isTurn ? "°" : parameter.unit }
    }

    /// The refined model and how well it fits.
    public struct Result: Sendable {
        /// The refined model.
        public var model: PowderModel
        /// The refined parameters.
        public var refined: [Refined]
        /// Of the refined parameters, in their order; behind them coordinates that follow from rigid groups.
        public var covariance: ParameterCovariance
        /// One value for each angle.
        public var calculated: [Double]
        /// One value for each angle.
        public var background: [Double]
        /// R values and χ².
        public var statistics: RefinementStatistics
        /// Steps that it took.
        public var iterations: Int
        /// Whether the steps became small.
        public var converged: Bool
        /// What came of the restraints, in their order.
        public var restraints: [RestraintOutcome] = []
        /// Rigid groups where they are at the end.
        public var rigid: [RigidBody] = []

        /// Standard uncertainties of coordinates that follow from rigid groups, by name.
        package var followingUncertainties: [String: Double] {
            let names = covariance.names.dropFirst(refined.count)
            return Dictionary(
                names.map { ($0, covariance.uncertainty(gradient: [$0: 1]) ?? 0) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// - `weights`: one for each point; 0 leaves a point out.
    /// - `free`: names of the model's parameters that move.
    public func refine(
        _ model: PowderModel, pattern: PowderPattern, weights: [Double], free: [String],
        progress: ((_ iteration: Int, _ rwp: Double) -> Void)? = nil
    ) throws -> Result {
        let following = try rigid.isEmpty ? nil : RigidCoordinates(rigid, model, free: free)
        let names = following?.own ?? free
        let calculation = try PowderCalculation(model, twoTheta: pattern.twoTheta, free: names)
        let moving = following?.parameters ?? [:]
        let parameters = try free.indices.map {
            try moving[$0] ?? Self.parameter(named: free[$0], in: model)
        }
        let restraint = try RestraintMisfit(
            restraints, model, free: try names.map { try Self.parameter(named: $0, in: model) })
        let misfit = PatternMisfit(
            calculation, pattern, weights: weights, freeIntensities: freeIntensities, restraint: restraint)
        // Values of the model's own parameters.
        func own(_ x: [Double]) -> [Double] { following?.values(at: x) ?? x }
        let norm = zip(pattern.intensity, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        let solution = try optimizer(for: parameters, moving: moving).minimize(
            from: following == nil ? calculation.values : parameters.map(\.value),
            chiSquared: { misfit.chiSquared(at: own($0)) },
            normalEquations: { x, equations in
                guard let following else { return try misfit.normalEquations(at: x, into: &equations) }
                var whole = NormalEquations(parameterCount: names.count)
                try misfit.normalEquations(at: own(x), into: &whole)
                equations = following.reduced(whole, at: x)
            },
            progress: { step in
                try WorkLimit.check()
                progress?(step.iteration, (step.chiSquared / norm).squareRoot())
                return true
            })
        misfit.place(own(solution.parameters))
        let statistics = RefinementStatistics(
            observed: pattern.intensity, calculated: calculation.calculated,
            background: calculation.background, weights: weights,
            parameters: free.count + misfit.intensityCount)
        let final = calculation.model
        var refined = Self.refined(parameters, solution, observations: statistics.points)
        for k in moving.keys { refined[k].isTurn = following?.isTurn(k) ?? false }
        let covariance = ParameterCovariance(
            names: free, solution, observations: statistics.points)
        return Result(
            model: final, refined: refined,
            covariance: following?.extended(covariance, at: solution.parameters) ?? covariance,
            calculated: calculation.calculated,
            background: calculation.background, statistics: statistics, iterations: solution.iterations,
            converged: solution.outcome == .converged || solution.outcome == .noDescent,
            restraints: restraint?.outcome(final) ?? [],
            rigid: following?.bodies(at: solution.parameters) ?? [])
    }

    /// The same with the ranges of rigid groups' parameters.
    private func optimizer(for parameters: [Parameter], moving: [Int: Parameter]) -> LevenbergMarquardt {
        var optimizer = optimizer(for: parameters)
        for (k, parameter) in moving {
            optimizer.bounds?[k] = parameter.bounds
            optimizer.scales?[k] = parameter.scale
        }
        return optimizer
    }

    /// The parameters where the minimiser left them, with their uncertainties.
    static func refined(
        _ parameters: [Parameter], _ solution: LevenbergMarquardt.Solution, observations: Int
    ) -> [Refined] {
        let uncertainties = solution.standardUncertainties(observations: observations)
        return parameters.indices.map { k in
            var parameter = parameters[k]
            parameter.value = solution.parameters[k]
            return Refined(
                parameter: parameter, uncertainty: uncertainties[k], isAtBound: solution.atBounds.contains(k))
        }
    }

    /// Scales, bounds and longest steps of parameters.
    func optimizer(for parameters: [Parameter]) -> LevenbergMarquardt {
        var optimizer = LevenbergMarquardt()
        optimizer.maximumIterations = iterations
        optimizer.relativeTolerance = convergence
        optimizer.initialDamping = 1e-3
        optimizer.diagonalFloor = 0
        optimizer.scales = parameters.map { min(max($0.scale, 1e-12), max(abs($0.value), 1e-6)) }
        optimizer.bounds = parameters.map(range)
        optimizer.stepLimits = parameters.map(Self.stepLimit)
        return optimizer
    }

    private func range(of parameter: Parameter) -> ClosedRange<Double> {
        if let own = bounds[parameter.name] { return own }
        if parameter.name.hasSuffix(".B"), let all = bounds["*.B"] { return all }
        // A coordinate is periodic: nothing bounds it.
        return parameter.kind == .coordinate ? Limits.coordinates : parameter.bounds
    }

    /// A tie such as `Pb.B` takes kind and bounds of its first member.
    ///
    /// - Throws: where no parameter has the name.
    static func parameter(
        named name: String, in model: PowderModel
    ) throws(DiffractionError) -> Parameter {
        let all = model.parameters
        if let exact = all.first(where: { $0.name == name }) { return exact }
        let last = name.split(separator: ".").last.map(String.init) ?? name
        guard let value = model[name], var template = all.first(where: { $0.name.hasSuffix("." + last) })
        else {
            throw .unknownParameter(name)
        }
        template.name = name
        template.value = value
        return template
    }

    /// No step may throw a refinement out of its basin: 0.3 Å or its like for what moves atoms and lines.
    private static func stepLimit(_ parameter: Parameter) -> Double {
        switch parameter.kind {
        case .length, .wavelength: 0.02 * abs(parameter.value)
        case .isotropicDisplacement, .anisotropicDisplacement: 1.5
        case .angle: 1
        case .lineShift, .lineWidth: 0.1
        case .lineVariance: 0.05
        case .coordinate: 0.3 * parameter.scale
        case .occupancy, .scale, .background, .correction: .infinity
        }
    }
}
