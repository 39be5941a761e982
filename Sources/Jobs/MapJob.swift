import CrystalFiles
import Crystallography
import Foundation
import Landscape
import Parameterization

/// Takes an objective over two parameters of a structure.
package struct MapJob: Job {
    package var truth: ReducedStructure
    package var plane: LandscapePlane
    package var choice: ObjectiveChoice
    package var sampling: PlaneSampling

    package init(
        _ truth: ReducedStructure, _ plane: LandscapePlane, _ choice: ObjectiveChoice,
        _ sampling: PlaneSampling
    ) {
        (self.truth, self.plane, self.choice, self.sampling) = (truth, plane, choice, sampling)
    }

    package struct Outcome: Sendable {
        package var truth: ReducedStructure
        package var plane: LandscapePlane
        package var objective: LandscapeObjective
        package var map: LandscapeMap
        package var seconds: Double
    }

    /// - Throws: an error of one line for ranges beyond physics and for what has no energy.
    package func run(reporting report: @escaping JobProgress.Sink) async throws -> Outcome {
        let clock = ContinuousClock()
        let begin = clock.now
        let plane = plane
        let objective = try choice.objective(of: plane.structure, reporting: report)
        let free = [plane.x.name, plane.y.name]
        // What has no energy (disorder, an unknown element) is said before the work.
        _ = try objective.evaluator(plane.structure, free: free)
        let (x, y) = try sampling.points(of: plane)
        let map = try await LandscapeMap.evaluated(
            x: x, y: y,
            prepare: {
                let evaluator = try objective.evaluator(plane.structure, free: free)
                return { x, y in
                    let value = evaluator.evaluate([x, y], gradient: false).value
                    try evaluator.checkPotential()
                    return value
                }
            },
            progress: { report(.step("row \($0) of \($1)", done: $0, of: $1)) })
        try Task.checkCancellation()
        return Outcome(
            truth: truth, plane: plane, objective: objective, map: map,
            seconds: begin.duration(to: clock.now) / .seconds(1))
    }
}
