import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// Relaxes a structure inside its space group: a quasi-Newton method with a limited step in the free directions only, so
/// that no step, converged or not, leaves the group.
public struct Relaxation: Sendable {
    /// eV/Å: converged where no atom feels more.
    public var forceTolerance = 0.01
    /// GPa: converged where no component of stress, against the pressure, is larger.
    public var stressTolerance = 0.05
    /// eV per atom: converged only where what was learned of the curvature promises no larger gain. Along a soft direction
    /// a small force may hide one.
    public var energyTolerance = 2e-5
    /// Whether the free lattice parameters move.
    public var relaxesCell = true
    /// Whether the free coordinates move.
    public var relaxesPositions = true
    /// GPa, hydrostatic.
    public var pressure = 0.0
    /// Evaluations after which it stops unconverged.
    public var maximumEvaluations = 1000
    /// The first limit on a step: of an atom in Å, of the strain.
    public var largestDisplacement = 0.25
    /// The largest change of a length in one step, as a share.
    public var largestStrain = 0.08

    /// The standard relaxation: cell and positions, until forces vanish.
    public init() {}

    /// How it ended.
    public enum Outcome: String, Sendable, Encodable {
        case converged
        case evaluationLimit
        /// No step lowers the enthalpy any more, although forces are left: the potential's own noise.
        case stalled
    }

    /// A point that was accepted.
    public struct Step: Sendable {
        /// Evaluations so far.
        public var evaluations: Int
        /// The structure at this step, in its group.
        public var structure: ReducedStructure
        /// Its energy, forces and stress.
        public var evaluation: EnergyEvaluation
        /// eV per cell, pV included.
        public var enthalpy: Double
        /// eV/Å.
        public var largestForce: Double
        /// GPa, against the pressure.
        public var largestStress: Double
    }

    /// Where it ended, and how.
    public struct Result: Sendable {
        /// The last accepted step.
        public var last: Step
        /// Whether it converged.
        public var outcome: Outcome
        /// The structure of the last step.
        public var structure: ReducedStructure { last.structure }
    }

    /// - `report`: sees every accepted step, the start first.
    /// - Throws: what the potential throws at an accepted point; `report` has seen the last good step by then. A trial
    ///   step onto a structure that the potential refuses (atoms too close) is shortened.
    public func relax(
        _ start: ReducedStructure, _ potential: some InteratomicPotential,
        report: (Step) throws -> Void = { _ in }
    ) throws -> Result {
        let space = RelaxationSpace(
            start, relaxesCell: relaxesCell, relaxesPositions: relaxesPositions, pressure: pressure)
        var evaluations = 0
        func evaluated(_ x: [Double]) throws -> (step: Step, gradient: [Double]) {
            evaluations += 1
            let structure = space.structure(at: x)
            let evaluation = try potential.evaluate(structure)
            let (value, gradient) = space.enthalpy(evaluation, of: structure, at: x)
            let (force, stress) = space.residual(evaluation, of: structure)
            return (
                Step(
                    evaluations: evaluations, structure: structure, evaluation: evaluation, enthalpy: value,
                    largestForce: force, largestStress: stress),
                gradient
            )
        }

        var x = [Double](repeating: 0, count: space.dimension)
        var (here, gradient) = try evaluated(x)
        try report(here)
        var memory = QuasiNewtonMemory(compliance: space.assumedCompliance)
        // Share of the step limits that is trusted now.
        var trust = 1.0
        while true {
            var step = memory.direction(gradient)
            if QuasiNewtonMemory.dot(step, gradient) >= 0 {
                memory.forget()
                step = memory.direction(gradient)
            }
            let isFlat = here.largestForce <= forceTolerance && here.largestStress <= stressTolerance
            let promised = -0.5 * QuasiNewtonMemory.dot(step, gradient)
            if isFlat && promised <= energyTolerance * Double(here.evaluation.forces.count) {
                return Result(last: here, outcome: .converged)
            }
            if isFlat && trust < 1e-3 { return Result(last: here, outcome: .converged) }
            if evaluations >= maximumEvaluations { return Result(last: here, outcome: .evaluationLimit) }
            if trust < 1e-9 { return Result(last: here, outcome: .stalled) }
            let extent = space.extent(of: step)
            let excess = max(extent.displacement / largestDisplacement, extent.strain / largestStrain) / trust
            if excess > 1 { step = step.map { $0 / excess } }
            let next = zip(x, step).map { $0 + $1 }
            let trial: (step: Step, gradient: [Double])
            do {
                trial = try evaluated(next)
            } catch let error as EnergyError where error.isOfGeometry {
                trust = min(trust, 1 / max(excess, 1)) / 4
                continue
            }
            let slope = QuasiNewtonMemory.dot(step, gradient)
            let change = zip(trial.gradient, gradient).map { $0 - $1 }
            let newSlope = QuasiNewtonMemory.dot(step, trial.gradient)
            memory.learn(step: step, change: change)
            let noise = 1e-11 * abs(here.enthalpy)
            let lowers = trial.step.enthalpy <= here.enthalpy + 1e-4 * slope
            // Below rounding the slope tells what the value cannot.
            let flattens =
                trial.step.enthalpy <= here.enthalpy + noise && abs(newSlope) < 0.9 * abs(slope)
            if lowers || flattens {
                (x, here, gradient) = (next, trial.step, trial.gradient)
                trust = min(1, trust * 2)
                try report(here)
            } else {
                let taken = space.extent(of: step)
                trust = max(taken.displacement / largestDisplacement, taken.strain / largestStrain) / 2
            }
        }
    }
}
