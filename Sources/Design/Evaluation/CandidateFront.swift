extension DesignEvaluator {
    /// The values of a candidate's extremes, small ones better.
    public func goals(_ candidate: DesignCandidate) -> [Double] { loss.goals(candidate.values) }

    /// Indices of the successes that no other success beats in every extreme.
    public func front(of candidates: [DesignCandidate]) -> [Int] {
        let successes = candidates.indices.filter { candidates[$0].isSuccess }
        return ParetoFront.indices(of: successes.map { goals(candidates[$0]) }).map { successes[$0] }
    }
}
