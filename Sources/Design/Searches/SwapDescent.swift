import Crystallography
import NumericalMethods
import Symmetry

/// For templates of many orbits: each candidate starts from a draw of its own and is led by its own gradient.
/// Elements are exchanged in groups, those first whose linearised effect brings the targets nearest; a group that
/// does not keep its promise is taken back and halved. Cell and coordinates are solved for in between.
package struct SwapDescent: CandidateSearch {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    /// Which elements may share sites; nil for any.
    var rule: SubstitutionRule?
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Swaps { problem.settings.swaps }

    /// Where a descent ended.
    struct Outcome: Sendable {
        var candidate: DesignCandidate
        var evaluations: Int
    }

    package init(evaluator: DesignEvaluator, budget: SearchBudget) {
        (self.evaluator, self.budget) = (evaluator, budget)
    }

    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        var collected = CollectedCandidates()
        var feasible = Set<SiteComposition>()
        var next = 0
        while collected.found.count < budget.candidates, collected.calls < budget.calls {
            let wanted = budget.candidates - collected.found.count + 1
            let items = Array(next..<(next + min(settings.batch, wanted)))
            next += items.count
            let results = try await parallelMap(items, width: budget.jobs) { descend(UInt64($0)) }
            for result in results {
                collected.calls += result.evaluations * evaluator.callsPerEvaluation
                guard result.candidate.isSuccess, try isPrimitive(result.candidate) else {
                    collected.add(result.candidate, isSuccess: false)
                    continue
                }
                // Compositions stay pairwise distinct.
                guard collected.found.count < budget.candidates,
                    feasible.insert(problem.composition(result.candidate.decoration)).inserted
                else { continue }
                collected.add(result.candidate, isSuccess: true)
            }
            collected.note(compositions: feasible.count, report)
        }
        return collected.result(DesignMethod.gradient.rawValue, budget.candidates, feasible: feasible)
    }

    /// No translation of the supercell is left: its primitive cell holds as many atoms.
    func isPrimitive(_ candidate: DesignCandidate) throws -> Bool {
        try SymmetryFinder.find(in: candidate.structure.expanded(), tolerance: settings.tolerance).copies == 1
    }

    /// From the draw of an index.
    func descend(_ index: UInt64) -> Outcome {
        var random = RandomStream(seed: budget.seed, index: index)
        var decoration = draw(&random)
        var x = problem.space.clamped(
            zip(problem.ionicStart(decoration), problem.space.isLength).map {
                $0 + ($1 ? 0 : settings.spread * random.normal())
            })
        var evaluations = 0
        var group = problem.space.orbitCount / settings.firstGroup
        var local = LocalSearch(evaluator: evaluator).run(
            decoration, from: x, limit: settings.firstEvaluations)
        evaluations += local.evaluations
        x = local.x
        while evaluations < settings.evaluations, local.evaluation.loss > 0, group > 0 {
            let trial = exchanged(decoration, local.evaluation, group: group)
            guard trial != decoration else { break }
            let next = LocalSearch(evaluator: evaluator).run(
                trial, from: x, limit: settings.betweenEvaluations)
            evaluations += next.evaluations
            if next.evaluation.loss < local.evaluation.loss {
                (decoration, local, x) = (trial, next, next.x)
            } else {
                group /= 2
            }
        }
        if local.evaluation.loss > 0, !local.evaluation.isMet {
            local = LocalSearch(evaluator: evaluator).run(
                decoration, from: x, limit: settings.lastEvaluations)
            evaluations += local.evaluations
        }
        let candidate = evaluator.judge(decoration, at: local.x, values: local.evaluation.values)
        return Outcome(candidate: candidate, evaluations: evaluations + candidate.evaluations)
    }

    /// Two elements for each role, mixed over its sites, the tolerance factor in range.
    func draw(_ random: inout RandomStream) -> Decoration {
        var drawn = Decoration(pattern: 0, elements: [])
        for _ in 0..<settings.draws {
            let (pattern, palettes) = palettes(&random)
            drawn = Decoration(
                pattern: pattern,
                elements: problem.template.roleOfOrbit.map { palettes[$0][random.index(below: 2)] })
            if problem.admits(drawn) { break }
        }
        return drawn
    }

    /// A pattern and two elements for each role, by the rule where there is one and some are found.
    private func palettes(_ random: inout RandomStream) -> (pattern: Int, elements: [[Element]]) {
        func drawn() -> (pattern: Int, elements: [[Element]]) {
            let pattern = random.index(below: problem.patterns.count)
            return (
                pattern,
                problem.patterns[pattern].elements.map { choices in
                    let first = choices[random.index(below: choices.count)]
                    return [first, choices[random.index(below: choices.count)]]
                }
            )
        }
        var result = drawn()
        guard let rule else { return result }
        for _ in 0..<problem.settings.substitution.draws {
            if rule.admits(result.elements, pattern: result.pattern) { break }
            result = drawn()
        }
        return result
    }

    /// The decoration after up to `group` exchanges, each the best by the linearised loss.
    func exchanged(_ decoration: Decoration, _ evaluation: DesignEvaluation, group: Int) -> Decoration {
        var result = decoration
        var values = evaluation.values
        var loss = evaluator.loss.evaluate(values).loss
        var touched = Set<Int>()
        for _ in 0..<group {
            var best: (loss: Double, orbit: Int, element: Element, values: [Double])?
            for orbit in result.elements.indices where !touched.contains(orbit) {
                let old = result.elements[orbit]
                for new in problem.choices(result.pattern, orbit) where new != old {
                    let moved = evaluator.linearised(values, evaluation, orbit: orbit, from: old, to: new)
                    let predicted = evaluator.loss.evaluate(moved).loss
                    guard predicted < (best?.loss ?? loss) else { continue }
                    var trial = result
                    trial.elements[orbit] = new
                    guard problem.admits(trial), rule?.admits(trial) != false else { continue }
                    best = (predicted, orbit, new, moved)
                }
            }
            guard let best else { break }
            result.elements[best.orbit] = best.element
            touched.insert(best.orbit)
            (loss, values) = (best.loss, best.values)
            if loss <= 0 { break }
        }
        return result
    }
}
