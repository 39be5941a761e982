import Crystallography
import NumericalMethods
import Symmetry

/// For templates of many orbits: each candidate starts from a draw of its own and is led by its own gradient.
/// Elements are exchanged in groups, those first whose linearised effect brings the targets nearest; a group that
/// does not keep its promise is taken back and halved. Cell and coordinates are solved for in between.
struct SwapDescent {
    let search: DesignSearch

    init(_ search: DesignSearch) {
        self.search = search
    }

    private struct Outcome: Sendable {
        var candidate: DesignCandidate
        var evaluations: Int
    }

    func run(_ report: @escaping @Sendable (DesignResult.Progress) -> Void) async throws -> DesignResult {
        let problem = search.problem
        var found: [DesignCandidate] = []
        var misses: [DesignCandidate] = []
        var feasible = Set<[Int]>()
        var (calls, next) = (0, 0)
        var progress: [DesignResult.Progress] = []
        while found.count < search.candidates, calls < search.allowedCalls {
            let items = Array(next..<(next + min(8, search.candidates - found.count + 1)))
            next += items.count
            let results = try await parallelMap(items, width: search.jobs) { descend(UInt64($0)) }
            for result in results {
                calls += result.evaluations * search.callsPerEvaluation
                guard result.candidate.isSuccess, Self.isPrimitive(result.candidate) else {
                    misses.append(result.candidate)
                    continue
                }
                // Compositions stay pairwise distinct.
                guard found.count < search.candidates,
                    feasible.insert(problem.compositionKey(result.candidate.decoration)).inserted
                else { continue }
                found.append(result.candidate)
            }
            progress.append(.init(calls: calls, successes: found.count, compositions: feasible.count))
            if let last = progress.last { report(last) }
        }
        found.sort { $0.loss < $1.loss }
        misses.sort { $0.loss < $1.loss }
        return DesignResult(
            method: search.method.rawValue,
            candidates: Array((found + misses).prefix(search.candidates)), calls: calls, progress: progress,
            feasible: feasible)
    }

    /// No translation of the supercell is left: its primitive cell holds as many atoms.
    static func isPrimitive(_ candidate: DesignCandidate) -> Bool {
        let structure = candidate.structure.expanded()
        return (try? SymmetryFinder.find(in: structure, tolerance: 0.01))?.copies == 1
    }

    private func descend(_ index: UInt64) -> Outcome {
        let problem = search.problem
        var random = RandomStream(seed: search.seed, index: index)
        var decoration = draw(&random)
        var x = problem.space.clamped(
            zip(
                problem.ionicStart(decoration.elements, pattern: decoration.pattern), problem.space.isLength
            ).map { $0 + ($1 ? 0 : 0.02 * random.normal()) })
        var evaluations = 0
        var group = problem.space.orbitCount / 3
        var local = LocalSearch(problem: problem).run(
            decoration, from: x, limit: 2)
        evaluations += local.evaluations
        x = local.x
        while evaluations < 60, local.evaluation.loss > 0, group > 0 {
            let trial = exchanged(decoration, local.evaluation, group: group)
            guard trial != decoration else { break }
            let next = LocalSearch(problem: problem).run(
                trial, from: x, limit: 3)
            evaluations += next.evaluations
            if next.evaluation.loss < local.evaluation.loss {
                (decoration, local, x) = (trial, next, next.x)
            } else {
                group /= 2
            }
        }
        if local.evaluation.loss > 0, !local.evaluation.isMet {
            local = LocalSearch(problem: problem).run(
                decoration, from: x, limit: 12)
            evaluations += local.evaluations
        }
        let candidate = problem.judge(decoration, at: local.x, values: local.evaluation.values)
        return Outcome(candidate: candidate, evaluations: evaluations + candidate.evaluations)
    }

    /// Two elements for each role, mixed over its sites, the tolerance factor in range.
    private func draw(_ random: inout RandomStream) -> Decoration {
        let problem = search.problem
        var drawn = Decoration(pattern: 0, elements: [])
        for _ in 0..<500 {
            let pattern = random.index(below: problem.patterns.count)
            let palettes = problem.patterns[pattern].elements.map { choices -> [Int] in
                let first = choices[random.index(below: choices.count)]
                return [first, choices[random.index(below: choices.count)]]
            }
            drawn = Decoration(
                pattern: pattern,
                elements: problem.template.roleOfOrbit.map { palettes[$0][random.index(below: 2)] })
            if problem.admits(drawn.elements, pattern: pattern) { break }
        }
        return drawn
    }

    /// The decoration after up to `group` exchanges, each the best by the linearised loss.
    private func exchanged(_ decoration: Decoration, _ evaluation: DesignEvaluation, group: Int) -> Decoration
    {
        let problem = search.problem
        var result = decoration
        var values = evaluation.values
        var loss = problem.loss(values).loss
        var touched = Set<Int>()
        for _ in 0..<group {
            var best: (loss: Double, orbit: Int, element: Int, values: [Double])?
            for orbit in result.elements.indices where !touched.contains(orbit) {
                let old = result.elements[orbit]
                for new in problem.choices(result.pattern, orbit) where new != old {
                    let moved = zip(values, evaluation.mixtureGradients).map {
                        $0 + $1[orbit * 100 + new] - $1[orbit * 100 + old]
                    }
                    let predicted = problem.loss(moved).loss
                    guard predicted < (best?.loss ?? loss) else { continue }
                    var trial = result.elements
                    trial[orbit] = new
                    guard problem.admits(trial, pattern: result.pattern) else { continue }
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
