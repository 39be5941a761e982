import Crystallography
import Design
import NumericalMethods
import PropertyModels
import Testing

@Suite struct TemplateDisplacementTests {
    private func evaluator(_ orbits: DesignTemplate.Orbits, largest: Double = 0.05) throws
        -> DesignEvaluator
    {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<\(largest)", property: "displacement", option: "--displacement")
        ]
        return try DesignEvaluator(
            DesignProblem(DesignTemplate(named: "perovskite", orbits: orbits), options))
    }

    private func decoration(_ problem: DesignProblem) throws -> Decoration {
        Decoration(
            pattern: 0, elements: (0..<problem.space.orbitCount).map { problem.choices(0, $0)[0] })
    }

    /// One atom moved by z/c: the root of its square over five atoms.
    @Test func itIsTheRootMeanSquareOfTheMoves() throws {
        let evaluator = try evaluator(.subgroup("P4mm"))
        let problem = evaluator.problem
        let decoration = try decoration(problem)
        let start = problem.space.start
        #expect(evaluator.evaluate(decoration, at: start, gradient: false).values[0] < 2e-3)
        let place = try #require(problem.space.names.firstIndex { $0.hasSuffix("z") })
        var moved = start
        moved[place] += 0.3
        let before = problem.space.structure(at: start).expanded().sites.map(\.position)
        let structure = problem.space.structure(at: moved).expanded()
        let sum = zip(structure.sites, before).reduce(0.0) { sum, pair in
            let d = (pair.0.position - pair.1).nearestImage * structure.lattice.vectors
            return sum + d.dot(d)
        }
        let value = evaluator.evaluate(decoration, at: moved, gradient: false).values[0]
        #expect(abs(value - (sum / 5).squareRoot()) < 1e-4 && sum > 0.01)
    }

    @Test(arguments: [DesignTemplate.Orbits.free, .subgroup("P4mm")])
    func gradientsAreThoseOfDifferences(orbits: DesignTemplate.Orbits) throws {
        let evaluator = try evaluator(orbits)
        let problem = evaluator.problem
        let decoration = try decoration(problem)
        var random = RandomStream(seed: 9)
        let x = problem.space.start.map { $0 + 0.1 * random.normal() }
        let exact = evaluator.evaluate(decoration, at: x, gradient: true).gradients[0]
        let h = 1e-4
        for k in x.indices {
            func at(_ step: Double) -> Double {
                var moved = x
                moved[k] += step
                return evaluator.evaluate(decoration, at: moved, gradient: false).values[0]
            }
            let numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
            #expect(abs(numeric - exact[k]) < 1e-7 * max(1, abs(numeric)))
        }
    }

    /// With bond valences and τ: what is found keeps to all three.
    @Test func successesKeepToTheTermsAgainstTheModelsErrors() async throws {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.2", property: "bond-valence", option: "--bond-valence"),
            try PropertyTarget("<0.05", property: "displacement", option: "--displacement"),
        ]
        options.largestTau = 4.18
        var search = DesignSearch(
            try DesignEvaluator(
                DesignProblem(DesignTemplate(named: "perovskite", orbits: .free), options)))
        search.candidates = 12
        search.jobs = 1
        let result = try await search.run()
        #expect(result.candidates.count == 12 && result.candidates.allSatisfy(\.isSuccess))
        for candidate in result.candidates {
            #expect(candidate.values[0] < 0.2 && candidate.values[1] < 0.05)
            let pattern = search.problem.patterns[candidate.decoration.pattern]
            let radii = zip(candidate.elements, search.problem.template.roleOfOrbit).map {
                Ion.of($0, charge: pattern.charges[$1])?.radius ?? .nan
            }
            let tau = ToleranceFactor.bartel.value(
                a: radii[0], b: radii[1], x: (radii[2] + radii[3] + radii[4]) / 3,
                charge: Double(pattern.charges[0]))
            #expect(try #require(tau) < 4.18)
        }
    }
}
