/// Elements brought to the geometry of their least energy, and judged there.
struct RelaxedSettling: Sendable {
    let evaluator: DesignEvaluator
    let judge: StabilityJudge

    /// - Parameter x: where the relaxation starts.
    /// - Returns: nil where the potential has no answer.
    func settle(_ decoration: Decoration, from x: [Double]) throws -> DesignCandidate? {
        let start = evaluator.problem.space.structure(at: x, elements: decoration.elements)
        guard let relaxed = try judge.verdict(start)?.relaxation else { return nil }
        return evaluator.judge(decoration, relaxed: relaxed)
    }
}
