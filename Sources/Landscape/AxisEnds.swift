extension LandscapeAxis {
    /// The axis as far as an objective has values to both sides of the truth: an energy ends where atoms collide or the
    /// potential knows no answer (atoms on top of each other, an atom without neighbours).
    func ending(where objective: LandscapeObjective, _ evaluator: LandscapeEvaluator) -> LandscapeAxis {
        guard objective.energy != nil else { return self }
        let truth = min(max(parameter.value, domain.lowerBound), domain.upperBound)
        func hasValue(_ x: Double) -> Bool { evaluator.isInDomain([x]) }
        func end(towards bound: Double) -> Double? {
            let count = 100
            var inside = truth
            for k in 1...count {
                let x = truth + (bound - truth) * Double(k) / Double(count)
                guard !hasValue(x) else {
                    inside = x
                    continue
                }
                var outside = x
                for _ in 0..<30 {
                    let middle = (inside + outside) / 2
                    if hasValue(middle) { inside = middle } else { outside = middle }
                }
                return inside
            }
            return nil
        }
        let (lower, upper) = (end(towards: domain.lowerBound), end(towards: domain.upperBound))
        guard lower != nil || upper != nil else { return self }
        // What does not go round once is no period.
        let rest: (lower: End, upper: End) =
            ends.lower == .period ? (.range, .range) : ends
        return limited(
            to: (lower ?? domain.lowerBound)...(upper ?? domain.upperBound),
            ends: (lower == nil ? rest.lower : .collision, upper == nil ? rest.upper : .collision))
    }
}
