import Crystallography
import Design
import Foundation
import NumericalMethods
import PropertyModels
import Testing

private func element(_ symbol: String) throws -> Element { try #require(Element(symbol: symbol)) }

@Suite struct BondValencePredictorTests {
    /// R as fitted pair by pair to measured bonds (Brese & O'Keeffe, Acta Cryst. B47 (1991) 192), Å.
    @Test(arguments: [
        ("Ti", "O", 1.815), ("Sr", "O", 2.118), ("Ba", "O", 2.29), ("Mg", "O", 1.693), ("Zr", "O", 1.937),
        ("Na", "Cl", 2.15), ("K", "F", 1.99), ("Ca", "F", 1.842), ("Zn", "S", 2.09), ("La", "O", 2.172),
    ])
    func lengthsAreNearThoseFittedToEachPair(first: String, second: String, fitted: Double) throws {
        let length = try #require(BondValence.unitLength(try element(first), try element(second)))
        #expect(abs(length - fitted) < 0.07, "\(length)")
        #expect(BondValence.unitLength(try element(second), try element(first)) == length)
    }

    @Test func everyIonOfTheMasksHasParameters() throws {
        let oxygen = try element("O")
        for ion in Ion.all { #expect(BondValence.unitLength(ion.element, oxygen) != nil, "\(ion)") }
    }

    private func evaluator(_ orbits: DesignTemplate.Orbits, template: String = "perovskite") throws
        -> DesignEvaluator
    {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.3", property: "bond-valence", option: "--bond-valence")
        ]
        return try DesignEvaluator(DesignProblem(DesignTemplate(named: template, orbits: orbits), options))
    }

    private func decoration(_ problem: DesignProblem, _ symbols: [String], charges: [Int]) throws
        -> Decoration
    {
        Decoration(
            pattern: try #require(problem.patterns.firstIndex { $0.charges == charges }),
            elements: try symbols.map { try element($0) })
    }

    /// Rock salt, a = 5.64 Å: 6 bonds of a/2, 8 of a√3/2, 24 of a√5/2 > 6 Å.
    @Test func rockSaltIsWhatItsShellsGive() throws {
        let evaluator = try evaluator(.group, template: "rocksalt")
        let problem = evaluator.problem
        let salt = try decoration(problem, ["Na", "Cl"], charges: [1, -1])
        let start = problem.space.start
        let a = problem.space.structure(at: start).lattice.lengths.x
        let x = problem.space.scaled(start, by: 5.64 / a)
        let length = try #require(BondValence.unitLength(try element("Na"), try element("Cl")))
        let sum =
            6 * exp((length - 2.82) / 0.37) + 8 * exp((length - 5.64 * 3.0.squareRoot() / 2) / 0.37)
        let value = evaluator.evaluate(salt, at: x, gradient: false).values[0]
        #expect(abs(value - abs(sum - 1)) < 1e-4)
    }

    /// The same crystal in Pm-3m, P4mm and P1.
    @Test func symmetryChangesNothing() throws {
        var values: [Double] = []
        for (orbits, count) in [
            (DesignTemplate.Orbits.group, 3), (.subgroup("P4mm"), 4), (.free, 5),
        ] {
            let evaluator = try evaluator(orbits)
            let problem = evaluator.problem
            let symbols = ["Sr", "Ti"] + [String](repeating: "O", count: count - 2)
            let titanate = try decoration(problem, symbols, charges: [2, 4, -2])
            values.append(evaluator.evaluate(titanate, at: problem.space.start, gradient: false).values[0])
        }
        #expect(abs(values[0] - values[1]) < 1e-9 && abs(values[0] - values[2]) < 1e-9)
    }

    /// In cell, coordinates and shares of elements.
    @Test(arguments: [DesignTemplate.Orbits.free, .subgroup("P4mm")])
    func gradientsAreThoseOfDifferences(orbits: DesignTemplate.Orbits) throws {
        let evaluator = try evaluator(orbits)
        let problem = evaluator.problem
        let symbols = ["Ba", "Zr", "S", "O", "Se"].prefix(problem.space.orbitCount)
        let start = try decoration(problem, Array(symbols), charges: [2, 4, -2])
        var random = RandomStream(seed: 3)
        let x = problem.ionicStart(start).map { $0 + 0.08 * random.normal() }
        var mixtures = MixedCrystal.mixtures(of: try symbols.map(element))
        // A share of another element on the first anion.
        let anion = 2 * MixedCrystal.elementCount
        mixtures[anion + 15] = 0.7
        mixtures[anion + 33] = 0.3
        let exact = evaluator.evaluate(mixtures: mixtures, at: x, gradient: true)
        let h = 1e-4
        for k in x.indices {
            func at(_ step: Double) -> Double {
                var moved = x
                moved[k] += step
                return evaluator.evaluate(mixtures: mixtures, at: moved, gradient: false).values[0]
            }
            let numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
            #expect(abs(numeric - exact.gradients[0][k]) < 1e-6 * max(1, abs(numeric)))
        }
        for place in [anion + 15, anion + 33, anion + 51, 55, 100 + 21] {
            func at(_ step: Double) -> Double {
                var moved = mixtures
                moved[place] += step
                return evaluator.evaluate(mixtures: moved, at: x, gradient: false).values[0]
            }
            let numeric = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
            #expect(abs(numeric - exact.mixtureGradients[0][place]) < 1e-6 * max(1, abs(numeric)))
        }
    }
}
