import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Symmetry

/// Local optimisation of the full-pattern similarity from the start: the arms of the paper, and those that tell apart
/// what the optimiser and what the constraint brings.
///
/// Only what was distorted is refined. Variables are scaled to about 1 Å of displacement a unit. Docs/studies/Recovery-study.md
/// states the step rules.
package struct DescentArm: RecoveryArm {
    package enum Method: String, Sendable, Hashable, CaseIterable {
        /// x ← x − η g with one η for the whole run.
        case descent
        /// The same, the cell projected on the family after every step.
        case descentFamily = "descent-family"
        /// The same, the cell drawn a share of the way to its projection after every step: the share grows from 0 to 1
        /// over the first four fifths and stays there. The best point is that of the hard end.
        case softFamily = "soft-family"
        /// Adam (Kingma & Ba 2015), β 0.9 and 0.999, without constraint.
        case adam
        /// Limited-memory BFGS, without constraint.
        case lbfgs
        /// x ← x − η g in the reduced space: family and Wyckoff positions.
        case descentSymmetry = "descent-symmetry"
    }

    package let method: Method
    package let measure: SimilarityMeasure
    package var iterations = 100
    /// The first step moves the fastest variable by so much, in Å; η follows.
    package var firstStep = 0.02
    /// No step moves a variable by more, in Å.
    package var longestStep = 0.05
    /// The run ends when no variable moves by more, in Å.
    package var smallestStep = 1e-5
    package var adamRate = 0.01
    /// Whether the outcome holds every structure on the way, for who wants to draw it.
    package var recordsTrajectory = false

    package init(_ method: Method, measure: SimilarityMeasure = .cosine) {
        (self.method, self.measure) = (method, measure)
    }

    package var name: String { method.rawValue }
    package var objective: String { measure.name }
    package var takesMeasuredPatterns: Bool { false }
    package var prior: PriorKnowledge {
        switch method {
        case .descent, .adam, .lbfgs: .none
        case .descentFamily, .softFamily: .family
        case .descentSymmetry: .positions
        }
    }

    package func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference) throws
        -> ArmOutcome
    {
        let reduced: ReducedStructure
        if method == .descentSymmetry {
            var assignment = SkeletonAssignment()
            assignment.seed = sample.streamSeed
            reduced = try assignment.assign(start, on: reference.reduced).structure
        } else {
            reduced = try PatternObjective.withoutSymmetry(start)
        }
        let objective = try PatternObjective(
            reduced, target: reference.target, measure: measure, noise: sample.noise.kind)
        guard !objective.names.isEmpty else {
            return ArmOutcome(structure: reduced.expanded(), note: "nothing is free")
        }
        let projection =
            method == .descentFamily || method == .softFamily
            ? FamilyProjection(reference.reduced.spaceGroup.crystalFamily) : nil
        let run: DescentPath
        switch method {
        case .descent, .descentFamily, .softFamily, .descentSymmetry: run = plain(objective, projection)
        case .adam: run = adam(objective)
        case .lbfgs: run = try lbfgs(objective)
        }
        func structure(at p: [Double]) -> CrystalStructure {
            objective.calculation.values = p
            return objective.calculation.model.phases[0].structure.expanded()
        }
        return ArmOutcome(
            structure: structure(at: run.best), path: run.losses,
            note: "\(run.losses.count) evaluations",
            trajectory: recordsTrajectory ? run.points.map(structure) : [])
    }

    private func plain(_ objective: PatternObjective, _ projection: FamilyProjection?) -> DescentPath {
        var p = objective.calculation.values
        var path = DescentPath()
        var rate: Double?
        // How far the constraint holds at p, and whether it has been whole once.
        var held = method == .softFamily ? 0.0 : 1.0
        var isHard = false
        for k in 0..<iterations {
            guard let point = objective.evaluate(p) else { break }
            // A soft point is no answer: the constraint holds at the end.
            if method == .softFamily, held == 1, !isHard {
                path.forgetBest()
                isHard = true
            }
            path.see(p, point.loss)
            let fastest = point.gradient.map(abs).max() ?? 0
            guard fastest > 0, fastest.isFinite else { break }
            let eta = rate ?? firstStep / fastest
            rate = eta
            let step = point.gradient.map { max(-longestStep, min(longestStep, -eta * $0)) }
            if let longest = step.map(abs).max(), longest <= smallestStep {
                if method != .softFamily || isHard { break }
            }
            if method == .softFamily { held = min(1, Double(k) / (0.8 * Double(iterations))) }
            p = objective.moved(p, by: step, projection, share: held)
        }
        if method == .softFamily, !isHard {
            // The run broke off while the constraint was soft.
            let best = path.best.isEmpty ? p : path.best
            p = objective.moved(best, by: best.map { _ in 0 }, projection, share: 1)
            path.forgetBest()
            path.best = p
        }
        if let point = objective.evaluate(p) { path.see(p, point.loss) }
        return path
    }

    private func adam(_ objective: PatternObjective) -> DescentPath {
        var p = objective.calculation.values
        var path = DescentPath()
        var mean = [Double](repeating: 0, count: p.count)
        var square = mean
        for k in 1...iterations {
            guard let point = objective.evaluate(p) else { break }
            path.see(p, point.loss)
            let (c1, c2) = (1 - pow(0.9, Double(k)), 1 - pow(0.999, Double(k)))
            var step = mean
            for i in p.indices {
                mean[i] = 0.9 * mean[i] + 0.1 * point.gradient[i]
                square[i] = 0.999 * square[i] + 0.001 * point.gradient[i] * point.gradient[i]
                step[i] = -adamRate * (mean[i] / c1) / ((square[i] / c2).squareRoot() + 1e-12)
            }
            p = objective.moved(p, by: step, nil, share: 1)
        }
        return path
    }

    private func lbfgs(_ objective: PatternObjective) throws -> DescentPath {
        let start = objective.calculation.values
        var path = DescentPath()
        path.best = start
        var minimizer = Minimizer(.lbfgs)
        minimizer.maximumEvaluations = iterations
        _ = try minimizer.minimize(from: zip(start, objective.scales).map { $0 / $1 }) { x, gradient in
            let p = zip(x, objective.scales).map { $0 * $1 }
            guard let point = objective.evaluate(p) else { return .infinity }
            path.see(p, point.loss)
            if !gradient.isEmpty { gradient = point.gradient }
            return point.loss
        }
        return path
    }
}

/// The best point seen, its loss after every evaluation, and every point.
struct DescentPath {
    var best: [Double] = []
    var losses: [Double] = []
    var points: [[Double]] = []

    private var bestLoss = Double.infinity

    mutating func forgetBest() { bestLoss = .infinity }

    mutating func see(_ p: [Double], _ loss: Double) {
        points.append(p)
        if loss < bestLoss { (best, bestLoss) = (p, loss) }
        losses.append(bestLoss)
    }
}
