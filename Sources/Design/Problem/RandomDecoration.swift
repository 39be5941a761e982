import NumericalMethods

extension DesignProblem {

    /// A pattern and elements drawn evenly, the tolerance factor in range where that is found soon.
    package func randomDecoration(_ random: inout RandomStream, meetsTolerance wanted: Bool = true)
        -> Decoration
    {
        var drawn = Decoration(pattern: 0, elements: [])
        for _ in 0..<settings.budget.draws {
            let pattern = random.index(below: patterns.count)
            drawn = Decoration(
                pattern: pattern,
                elements: (0..<space.orbitCount).map { orbit in
                    let choices = choices(pattern, orbit)
                    return choices[random.index(below: choices.count)]
                })
            if !wanted || admits(drawn) { break }
        }
        return drawn
    }
}
