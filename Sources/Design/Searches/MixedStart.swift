import Crystallography
import NumericalMethods

/// Where a descent at the potential's geometry starts in a template of many orbits: which elements, and in which cell.
struct MixedStart: Sendable {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    /// Whose own ions fit.
    let hosts: [DesignCandidate]
    let rule: SubstitutionRule?
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Substitution { problem.settings.substitution }

    /// A start of an index.
    struct Start: Sendable {
        var decoration: Decoration
        var x: [Double]
        var evaluations: Int
        var isHosted: Bool
    }

    /// How elements are exchanged.
    var swaps: SwapDescent {
        var swaps = SwapDescent(evaluator: evaluator, budget: budget)
        swaps.rule = rule
        return swaps
    }

    /// In a host where there is one, else in the cell where the ions touch.
    func start(_ index: UInt64) -> Start {
        guard !hosts.isEmpty, let rule else { return drawn(index) }
        let host = hosts[Int(index) % hosts.count]
        var random = RandomStream(seed: budget.seed, index: index)
        for _ in 0..<settings.draws {
            let mixed = substituted(host.decoration, rule, &random)
            if mixed != host.decoration, problem.admits(mixed) {
                return Start(decoration: mixed, x: shaken(host.x, index), evaluations: 0, isHosted: true)
            }
        }
        return drawn(index)
    }

    /// Where ions touch, coordinates a little off the template's sites; the same displacements whatever the elements.
    func touching(_ decoration: Decoration, _ index: UInt64) -> [Double] {
        shaken(problem.ionicStart(decoration), index)
    }

    private func shaken(_ x: [Double], _ index: UInt64) -> [Double] {
        var random = RandomStream(seed: budget.seed &+ 1, index: index)
        return problem.space.clamped(
            zip(x, problem.space.isLength).map {
                $0 + ($1 ? 0 : problem.settings.swaps.spread * random.normal())
            })
    }

    /// Of each role one other ion that fits, on a share of its sites.
    private func substituted(
        _ host: Decoration, _ rule: SubstitutionRule, _ random: inout RandomStream
    ) -> Decoration {
        let roles = problem.template.roleOfOrbit
        var palettes = problem.template.roles.indices.map { role in
            roles.firstIndex(of: role).map { [host.elements[$0]] } ?? []
        }
        for role in palettes.indices {
            let fitting = problem.patterns[host.pattern].elements[role].filter { element in
                var trial = palettes
                trial[role].append(element)
                return !palettes[role].contains(element) && rule.admits(trial, pattern: host.pattern)
            }
            if !fitting.isEmpty { palettes[role].append(fitting[random.index(below: fitting.count)]) }
        }
        let share = random.uniform(settings.share.lowerBound, settings.share.upperBound)
        var result = host
        for (orbit, role) in roles.enumerated() where palettes[role].count > 1 && random.uniform() < share {
            result.elements[orbit] = palettes[role][1]
        }
        return result
    }

    /// A draw, its elements exchanged until the targets are met where the ions touch.
    private func drawn(_ index: UInt64) -> Start {
        var random = RandomStream(seed: budget.seed, index: index)
        var decoration = swaps.draw(&random)
        var x = touching(decoration, index)
        var standing = evaluator.evaluate(decoration, at: x, gradient: true)
        var evaluations = 1
        var group = problem.space.orbitCount / problem.settings.swaps.firstGroup
        while evaluations < problem.settings.swaps.evaluations, standing.loss > 0, group > 0 {
            let trial = swaps.exchanged(decoration, standing, group: group)
            guard trial != decoration else { break }
            let place = touching(trial, index)
            let next = evaluator.evaluate(trial, at: place, gradient: true)
            evaluations += 1
            if next.loss < standing.loss {
                (decoration, x, standing) = (trial, place, next)
            } else {
                group /= 2
            }
        }
        return Start(decoration: decoration, x: x, evaluations: evaluations, isHosted: false)
    }
}
