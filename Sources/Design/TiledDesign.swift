/// The null arm of a supercell: copies of the unit cell's candidates. Every property is that of the unit, so it proves
/// nothing.
public enum TiledDesign {
    /// - Parameters:
    ///   - result: of a search on the unit cell in the template's own group.
    ///   - problem: of the supercell, with the same targets.
    public static func tile(
        _ result: DesignResult, from unit: DesignProblem, into problem: DesignProblem
    ) -> DesignResult {
        let template = problem.template
        let candidates = result.candidates.map { candidate -> DesignCandidate in
            let elements = template.roleOfOrbit.map { role -> Int in
                let orbit = unit.template.roleOfOrbit.firstIndex(of: role) ?? 0
                return candidate.decoration.elements[orbit]
            }
            let factor = (zip(candidate.x, unit.space.start).first { _ in true }).map { $0 / $1 } ?? 1
            return problem.judge(
                Decoration(pattern: candidate.decoration.pattern, elements: elements),
                at: problem.space.scaled(problem.space.start, by: factor))
        }
        return DesignResult(
            method: "tiled", candidates: candidates,
            calls: result.calls + candidates.count * problem.predictors.count, progress: result.progress,
            feasible: Set(candidates.filter(\.isSuccess).map { problem.compositionKey($0.decoration) }))
    }
}
