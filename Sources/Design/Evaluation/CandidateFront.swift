extension DesignEvaluator {
    /// The values of a candidate's extremes, small ones better.
    package func goals(_ candidate: DesignCandidate) -> [Double] { loss.goals(candidate.values) }

    /// Indices of the successes that no other success beats in every extreme, the first of each composition.
    public func front(of candidates: [DesignCandidate]) -> [Int] {
        let successes = candidates.indices.filter { candidates[$0].isSuccess }
        let edge = ParetoFront.indices(of: successes.map { goals(candidates[$0]) }).map { successes[$0] }
        var seen = Set<SiteComposition>()
        return edge.filter { seen.insert(problem.composition(candidates[$0].decoration)).inserted }
    }
}
