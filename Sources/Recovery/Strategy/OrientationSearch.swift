import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry

/// Looks for a texture in what a refined structure leaves: every direction of low indices with the structure standing still, the
/// best with everything free. It is taken where the pattern asks for it decisively, so that one parameter more is no freedom
/// to a structure that is wrong.
struct OrientationSearch {
    let settings: RecoverySettings.Orientation
    let question: OrientationQuestion
    let bounds: [String: ClosedRange<Double>]
    /// Patterns beside the first, whose mounts are taken to be without texture.
    let companions: [CompanionPattern]
    /// Rwp below which nothing is left to ask.
    let exactRwp: Double

    private static let name = "march"

    func textured(
        _ result: PowderResult, pattern: PowderPattern, weights: [Double]
    ) throws -> PowderResult {
        guard result.orientation == nil, result.statistics.rwp > exactRwp else { return result }
        let names = result.refinement.refined.map(\.parameter.name)
        let planes = planes(of: result.structure.spaceGroup)
        guard let trial = try best(of: planes, result, names, pattern, weights) else { return result }
        var textured = result
        if let joint = result.joint {
            let together = try together(trial.model, joint, pattern, weights)
            (textured.joint, textured.refinement) = (together, together.parts[0])
        } else {
            var refinement = RietveldRefinement()
            (refinement.iterations, refinement.convergence) = (settings.iterations, settings.convergence)
            refinement.bounds = bounds
            textured.refinement = try refinement.refine(
                trial.model, pattern: pattern, weights: weights, free: names + [Self.name])
        }
        let finding = try finding(textured, trial.plane, among: planes.count, result, pattern, weights)
        guard finding.isTaken else {
            var plain = result
            plain.orientation = finding
            return plain
        }
        // What it leaves beside free intensities was said of it without texture.
        textured.misfit = nil
        textured.orientation = finding
        textured.structure = textured.refinement.model.phases[0].structure
        return textured
    }

    /// Everything free against all patterns, the texture in the first.
    private func together(
        _ first: PowderModel, _ joint: JointRefinement.Result, _ pattern: PowderPattern, _ weights: [Double]
    ) throws -> JointRefinement.Result {
        let data = [(pattern, weights)] + companions.map { ($0.pattern, $0.weights) }
        let parts = zip(joint.parts, data).enumerated().map { number, part in
            JointRefinement.Part(
                name: JointStrategy.name(number), model: number == 0 ? first : part.0.model,
                pattern: part.1.0, weights: part.1.1)
        }
        var refinement = JointRefinement()
        (refinement.iterations, refinement.convergence) = (settings.iterations, settings.convergence)
        refinement.bounds = bounds
        let march = "\(JointStrategy.name(0)).\(Self.name)"
        return try refinement.refine(parts, free: joint.refined.map(\.parameter.name) + [march])
    }

    /// Scales, displacements and the ratio alone, for each direction.
    private func best(
        of planes: [SIMD3<Int>], _ result: PowderResult, _ names: [String], _ pattern: PowderPattern,
        _ weights: [Double]
    ) throws -> (model: PowderModel, plane: SIMD3<Int>)? {
        var refinement = RietveldRefinement()
        (refinement.iterations, refinement.convergence) = (
            settings.trialIterations, settings.trialConvergence
        )
        refinement.bounds = bounds
        let moving = names.filter { $0.hasSuffix("scale") || $0.hasSuffix(".B") } + [Self.name]
        var best: (fit: RietveldRefinement.Result, plane: SIMD3<Int>)?
        for plane in planes {
            try WorkLimit.check()
            var model = result.refinement.model
            model.phases[0].preferredOrientation = .init(plane: plane)
            let fit = try refinement.refine(model, pattern: pattern, weights: weights, free: moving)
            if fit.statistics.rwp < best?.fit.statistics.rwp ?? .infinity { best = (fit, plane) }
        }
        return best.map { ($0.fit.model, $0.plane) }
    }

    private func finding(
        _ textured: PowderResult, _ plane: SIMD3<Int>, among count: Int, _ result: PowderResult,
        _ pattern: PowderPattern, _ weights: [Double]
    ) throws -> OrientationFinding {
        let whole = textured.refinement
        let misfit = try StructuralMisfit.measured(whole, pattern: pattern, weights: weights, bounds: bounds)
        let correlation = SerialCorrelation(
            observed: pattern.intensity, calculated: whole.calculated, weights: weights)
        let comparison = ModelComparison(
            misfit, correlation: correlation, points: textured.statistics.points,
            weightedSquares: textured.statistics.weightedSquares)
        func squares(_ statistics: RefinementStatistics) -> Double {
            statistics.rwp * statistics.rwp * statistics.weightedSquares
        }
        let evidence = comparison.evidence(
            for: (squares(textured.statistics), textured.statistics.parameters),
            over: (squares(result.statistics), result.statistics.parameters))
        let march = whole.refined.first { $0.parameter.name == Self.name }
        return OrientationFinding(
            plane: plane, ratio: march?.parameter.value ?? 1, uncertainty: march?.uncertainty,
            // The best of many is better by chance too.
            evidence: evidence - 2 * log(Double(max(1, count))), rwpWithout: result.statistics.rwp)
    }

    /// One of each set of directions that are equal under the Laue class, simple ones first.
    private func planes(of group: SpaceGroup) -> [SIMD3<Int>] {
        let rotations = Set(group.operations.map(\.rotation))
        let reach = -settings.largestIndex...settings.largestIndex
        var all: [SIMD3<Int>] = []
        for h in reach {
            for k in reach { for l in reach { all.append(SIMD3(h, k, l)) } }
        }
        func rank(_ plane: SIMD3<Int>) -> [Int] {
            let parts = [plane.x, plane.y, plane.z]
            return [parts.reduce(0) { $0 + abs($1) }, parts.count { $0 < 0 }] + parts.map { -$0 }
        }
        var seen = Set<SIMD3<Int>>()
        var kept: [SIMD3<Int>] = []
        for plane in [question.plane].compactMap(\.self)
            + all.sorted(by: { rank($0).lexicographicallyPrecedes(rank($1)) })
        {
            let divisor = greatestCommonDivisor(greatestCommonDivisor(plane.x, plane.y), plane.z)
            guard plane != .zero, plane == question.plane || divisor == 1, !seen.contains(plane) else {
                continue
            }
            kept.append(plane)
            for rotation in rotations {
                let equal = plane * rotation
                seen.formUnion([equal, SIMD3(repeating: 0) &- equal])
            }
        }
        return kept
    }
}

extension PowderRecovery {
    /// The result with the texture that the pattern shows; as it is where it shows none, or none was asked for.
    package func textured(
        _ result: Result, pattern: PowderPattern, weights: [Double], progress: Progress = { _ in }
    ) throws -> Result {
        guard let orientation else { return result }
        let search = OrientationSearch(
            settings: settings.orientation, question: orientation,
            bounds: settings.refinement.bounds.ranges.merging(known?.bounds ?? [:]) { _, own in own },
            companions: companions, exactRwp: settings.groups.exactRwp)
        let textured = try search.textured(result, pattern: pattern, weights: weights)
        if let finding = textured.orientation {
            let h = finding.plane
            progress(
                "texture by (\(h.x) \(h.y) \(h.z)): "
                    + String(format: "r %.3f, 2 ln K %.0f", finding.ratio, finding.evidence)
                    + (finding.isTaken ? "" : ", not taken"))
        }
        return textured
    }
}
