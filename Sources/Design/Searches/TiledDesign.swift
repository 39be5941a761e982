/// The null arm of a supercell: copies of the unit cell's candidates. Every property is that of the unit, so it proves
/// nothing.
package enum TiledDesign {
    /// - Parameters:
    ///   - result: of a search on the unit cell in the template's own group.
    ///   - unit: the problem of that search.
    ///   - evaluator: of the supercell, with the same targets.
    package static func tile(
        _ result: DesignResult, from unit: DesignProblem, into evaluator: DesignEvaluator
    ) -> DesignResult {
        let problem = evaluator.problem
        let candidates = result.candidates.map { candidate -> DesignCandidate in
            let elements = problem.template.roleOfOrbit.map { role in
                candidate.decoration.elements[unit.template.roleOfOrbit.firstIndex(of: role) ?? 0]
            }
            let factor = (zip(candidate.x, unit.space.start).first { _ in true }).map { $0 / $1 } ?? 1
            return evaluator.judge(
                Decoration(pattern: candidate.decoration.pattern, elements: elements),
                at: problem.space.scaled(problem.space.start, by: factor))
        }
        return DesignResult(
            method: "tiled", candidates: candidates,
            calls: result.calls + candidates.count * evaluator.callsPerEvaluation, progress: result.progress,
            feasible: Set(candidates.filter(\.isSuccess).map { problem.composition($0.decoration) }))
    }
}
