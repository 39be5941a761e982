extension LandscapeAxis {
    /// The axis as far as an objective has values to both sides of the truth: an energy ends where atoms collide or the
    /// potential knows no answer (atoms on top of each other, an atom without neighbours).
    func ending(where objective: LandscapeObjective, _ evaluator: LandscapeEvaluator) -> LandscapeAxis {
        guard objective.energy != nil else { return self }
        let truth = min(max(parameter.value, domain.lowerBound), domain.upperBound)
        func hasValue(_ x: Double) -> Bool { evaluator.isInDomain([x]) }
        func end(towards bound: Double) -> Double? {
            let count = settings.reach.energySteps
            var inside = truth
            for k in 1...count {
                let x = truth + (bound - truth) * Double(k) / Double(count)
                guard !hasValue(x) else {
                    inside = x
                    continue
                }
                var outside = x
                for _ in 0..<settings.reach.bisections {
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
        let rest: Ends = ends.lower == .period ? .both(.range) : ends
        return limited(
            to: (lower ?? domain.lowerBound)...(upper ?? domain.upperBound),
            ends: Ends(
                lower: lower == nil ? rest.lower : .collision,
                upper: upper == nil ? rest.upper : .collision))
    }
}
