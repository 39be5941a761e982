import Crystallography
import Design
import Foundation
import NumericalMethods
import PropertyModels
import Symmetry
import Testing

/// Searches on properties known in closed form, against all there is to find.
@Suite struct SearchTests {
    /// The mean atomic number alone, over chlorides, bromides and oxides of 1- to 3-valent metals.
    private let heaviness = AnalyticPredictor(name: "heaviness")

    private func rocksalts(_ targets: [(String, AnalyticPredictor)]) throws -> DesignEvaluator {
        try analyticEvaluator(DesignTemplate(named: "rocksalt"), targets) {
            $0.sites["A"] = elements("Li", "Na", "K", "Rb", "Mg", "Ca", "Sr", "Ba", "Zn", "Al", "Ga")
            $0.sites["X"] = elements("F", "Cl", "Br", "I", "O", "S", "Se", "N")
            $0.ionicWindow = 0.1
        }
    }

    /// Every neutral pair by hand: the states of A and X cancel.
    private func pairs(_ evaluator: DesignEvaluator) -> Set<SiteComposition> {
        var result = Set<SiteComposition>()
        for cation in elements("Li", "Na", "K", "Rb", "Mg", "Ca", "Sr", "Ba", "Zn", "Al", "Ga") {
            for anion in elements("F", "Cl", "Br", "I", "O", "S", "Se", "N") {
                let isNeutral = Ion.of(cation).contains { ion in
                    (1...3).contains(ion.charge) && Ion.of(anion, charge: -ion.charge) != nil
                }
                if isNeutral { result.insert(SiteComposition(roles: [[cation: 4], [anion: 4]])) }
            }
        }
        return result
    }

    private func mean(_ composition: SiteComposition) -> Double {
        let numbers = composition.roles.flatMap(\.keys).map(\.atomicNumber)
        return Double(numbers.reduce(0, +)) / 200
    }

    @Test func compositionsAreAllNeutralPairsOnce() throws {
        let evaluator = try rocksalts([("min", heaviness)])
        let listed = try evaluator.problem.compositions().map(evaluator.problem.composition)
        #expect(Set(listed) == pairs(evaluator) && Set(listed).count == listed.count)
    }

    @Test func exhaustiveSearchFindsAllThatMeetTheTargetAndNothingElse() async throws {
        let evaluator = try rocksalts([("0.15:0.235", heaviness)])
        let search = ExhaustiveSearch(
            evaluator: evaluator, budget: SearchBudget(candidates: 4, calls: 1, jobs: 2))
        let result = try await search.run { _ in }
        let wanted = pairs(evaluator).filter { (0.15...0.235).contains(mean($0)) }
        #expect(wanted.count > 8 && result.feasible == wanted)
        #expect(result.candidates.count == wanted.count && result.candidates.allSatisfy(\.isSuccess))
    }

    @Test func exhaustiveSearchRefusesWhatNobodyCanList() async throws {
        let evaluator = try analyticEvaluator(
            DesignTemplate(named: "perovskite", supercell: SIMD3(2, 1, 1)), [("min", heaviness)])
        let search = ExhaustiveSearch(
            evaluator: evaluator, budget: SearchBudget(candidates: 4, calls: 1))
        await #expect(throws: DesignError.self) { try await search.run { _ in } }
    }

    @Test func compositionSearchFindsAllThatExhaustiveSearchFinds() async throws {
        let evaluator = try rocksalts([("0.15:0.235", heaviness)])
        let wanted = pairs(evaluator).filter { (0.15...0.235).contains(mean($0)) }
        let budget = SearchBudget(candidates: wanted.count, calls: 100_000, seed: 5, jobs: 2)
        let result = try await CompositionSearch(evaluator: evaluator, budget: budget).run { _ in }
        #expect(result.feasible == wanted)
        #expect(Set(result.candidates.map { evaluator.problem.composition($0.decoration) }) == wanted)
    }

    /// Of an extreme, the search goes on until its calls are spent or nothing is left.
    @Test func compositionSearchFindsTheLightest() async throws {
        let evaluator = try rocksalts([("min", heaviness)])
        let lightest = try #require(pairs(evaluator).min { mean($0) < mean($1) })
        let budget = SearchBudget(candidates: 4, calls: 100_000, jobs: 1)
        let result = try await CompositionSearch(evaluator: evaluator, budget: budget).run { _ in }
        let first = try #require(result.candidates.first)
        #expect(evaluator.problem.composition(first.decoration) == lightest)
    }

    @Test func whereNothingSucceedsTheNearestMissesAreShown() async throws {
        let evaluator = try rocksalts([("0.9±0.01", heaviness)])
        let heaviest = try #require(pairs(evaluator).max { mean($0) < mean($1) })
        let budget = SearchBudget(candidates: 3, calls: 100_000, jobs: 1)
        let result = try await CompositionSearch(evaluator: evaluator, budget: budget).run { _ in }
        #expect(result.feasible.isEmpty && result.candidates.count == 3)
        #expect(result.candidates.allSatisfy { !$0.isSuccess })
        let first = try #require(result.candidates.first)
        // Several may be as heavy.
        #expect(abs(first.values[0] - mean(heaviest)) < 1e-9)
    }

    /// No composition of a front is beaten by any other composition there is.
    @Test func paretoSearchFindsWhatNothingBeats() async throws {
        let other = AnalyticPredictor(name: "other", number: { Double(($0 * 37) % 101) / 100 })
        let evaluator = try rocksalts([("min", heaviness), ("max", other)])
        let search = ParetoSearch(
            evaluator: evaluator, budget: SearchBudget(candidates: 20, calls: 40_000, jobs: 1),
            weightings: 5
        ) {
            CompositionSearch(evaluator: $0, budget: $1)
        }
        let result = try await search.run { _ in }
        let all = pairs(evaluator).map { composition -> [Double] in
            let elements = composition.roles.flatMap(\.keys)
            let second = elements.map { other.number($0.atomicNumber) }.reduce(0, +) / 2
            return [mean(composition), -second]
        }
        let best = ParetoFront.indices(of: all).map { all[$0] }
        let front = evaluator.front(of: result.candidates)
        #expect(front.count > 2 && front == Array(front.indices))
        for index in front {
            let goals = evaluator.goals(result.candidates[index])
            #expect(best.contains { zip($0, goals).allSatisfy { abs($0 - $1) < 1e-9 } })
        }
        let firsts = front.map { evaluator.goals(result.candidates[$0])[0] }
        #expect(firsts == firsts.sorted())
    }

    /// Structures of one composition that are asked for beyond it: all succeed, all differ.
    @Test func structureVariantsDifferFromAllThatIsKnown() async throws {
        let volume = AnalyticPredictor(name: "ln v", number: { _ in 0 }, byVolume: 1)
        let evaluator = try rocksalts([("3±0.2", volume)])
        let budget = SearchBudget(candidates: 12, calls: 10_000, jobs: 2)
        let pattern = try #require(evaluator.problem.patterns.firstIndex { $0.charges == [1, -1] })
        let salt = Decoration(
            pattern: pattern, elements: ["Na", "Cl"].compactMap { Element(symbol: $0) })
        let first = LocalSearch(evaluator: evaluator).run(
            salt, from: evaluator.problem.ionicStart(salt), limit: 20)
        let known = evaluator.judge(salt, at: first.x)
        #expect(known.isSuccess)
        var calls = 0
        let variants = try await StructureVariants(evaluator: evaluator, budget: budget).run(
            of: [known], calls: &calls)
        #expect(!variants.isEmpty && variants.allSatisfy(\.isSuccess) && calls > variants.count)
        // The closest that forty rounds allow: 0.02 Å halved every ten.
        let places = ([known] + variants).map { $0.x[0] }.sorted()
        #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 > 0.02 / 8 })
    }

    // MARK: Baselines

    @Test(arguments: [IndependentTrials.Sampler.even, .parzen])
    func independentTrialsKeepToTheMasksAndTheBudget(sampler: IndependentTrials.Sampler) async throws {
        let evaluator = try rocksalts([("0.18±0.01", heaviness)])
        let budget = SearchBudget(candidates: 10, calls: 400, seed: 3, jobs: 2)
        let result = try await IndependentTrials(
            evaluator: evaluator, budget: budget, sampler: sampler
        ).run { _ in }
        #expect(result.candidates.count == 10 && result.calls == 400)
        let pairs = pairs(evaluator)
        for candidate in result.candidates {
            #expect(pairs.contains(evaluator.problem.composition(candidate.decoration)))
            #expect(candidate.charges != nil)
        }
        var serial = budget
        serial.jobs = 1
        let again = try await IndependentTrials(
            evaluator: evaluator, budget: serial, sampler: sampler
        ).run { _ in }
        #expect(again.candidates.map(\.decoration) == result.candidates.map(\.decoration))
    }

    /// On a target that one composition in many meets, the estimator's trials are nearer than even ones.
    @Test func theEstimatorDrawsWhereTrialsWereGood() throws {
        let evaluator = try rocksalts([("0.11±0.001", heaviness)])
        let problem = evaluator.problem
        var random = RandomStream(seed: 8)
        let history = (0..<60).map { _ in
            let decoration = problem.randomDecoration(&random)
            let x = problem.space.bounds.map { random.uniform($0.lowerBound, $0.upperBound) }
            let loss = evaluator.evaluate(decoration, at: x, gradient: false).loss
            return DesignTrial(decoration: decoration, x: x, loss: loss)
        }
        let drawn = (0..<100).map { _ in ParzenEstimator(problem).draw(history, &random) }
        for trial in drawn {
            for (orbit, element) in trial.decoration.elements.enumerated() {
                #expect(problem.choices(trial.decoration.pattern, orbit).contains(element))
            }
            #expect(zip(trial.x, problem.space.bounds).allSatisfy { $1.contains($0) })
        }
        let losses = drawn.map { evaluator.evaluate($0.decoration, at: $0.x, gradient: false).loss }
        let before = history.map(\.loss).reduce(0, +) / 60
        #expect(losses.reduce(0, +) / 100 < 0.5 * before)
    }

    /// Published with masks on logits: one element a site, every evaluation paid for, the same for any number of tasks.
    @Test func smoacsSpendsItsBudgetAndIsRepeatable() async throws {
        let evaluator = try rocksalts([("0.15:0.235", heaviness)])
        let budget = SearchBudget(candidates: 6, calls: 6 * 60, seed: 2, jobs: 2)
        let result = try await SMOACS(evaluator: evaluator, budget: budget).run { _ in }
        #expect(result.calls == 6 * 60 && result.candidates.count == 6)
        #expect(result.candidates.allSatisfy { $0.decoration.elements.count == 2 })
        var serial = budget
        serial.jobs = 1
        let again = try await SMOACS(evaluator: evaluator, budget: serial).run { _ in }
        #expect(again.candidates.map(\.decoration) == result.candidates.map(\.decoration))
        #expect(again.candidates.map(\.x) == result.candidates.map(\.x))
    }

    @Test func aSoftmaxsReverseIsThatOfDifferences() {
        let x = [0.3, -1.0, 2.0, 0.1, 0.2, 0.4]
        let by = [1.0, -2.0, 0.5, 3.0, 0.0, -1.0]
        let exact = Softmax.reverse(Softmax.values(x, rows: 2), by, rows: 2)
        for k in x.indices {
            func at(_ h: Double) -> Double {
                var moved = x
                moved[k] += h
                return zip(Softmax.values(moved, rows: 2), by).reduce(0) { $0 + $1.0 * $1.1 }
            }
            #expect(abs((at(1e-6) - at(-1e-6)) / 2e-6 - exact[k]) < 1e-8)
        }
        let sums = Softmax.values(x, rows: 2)
        #expect(abs(sums.prefix(3).reduce(0, +) - 1) < 1e-12 && abs(sums.suffix(3).reduce(0, +) - 1) < 1e-12)
    }

    /// Its first step is the rate against the sign of each slope, however large that is.
    @Test func adamsFirstStepIsTheRate() {
        var adam = AdamStep(3)
        var values = [1.0, 1.0, 1.0]
        adam.step(&values, [1e-3, -50, 2], rate: 0.01, number: 1)
        #expect(zip(values, [0.99, 1.01, 0.99]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    // MARK: Supercells

    /// Forty sites: each success has a composition of its own and no translation left.
    @Test func swapDescentFindsPrimitiveSupercells() async throws {
        let evaluator = try analyticEvaluator(
            DesignTemplate(named: "perovskite", supercell: SIMD3(2, 2, 2)), [("0.2±0.02", heaviness)])
        let budget = SearchBudget(candidates: 4, calls: 4000, seed: 1, jobs: 2)
        let result = try await SwapDescent(evaluator: evaluator, budget: budget).run { _ in }
        let successes = result.candidates.filter(\.isSuccess)
        #expect(successes.count == 4)
        #expect(Set(successes.map { evaluator.problem.composition($0.decoration) }).count == 4)
        for candidate in successes {
            #expect((0.18...0.22).contains(candidate.values[0]))
            let structure = candidate.structure.expanded()
            #expect(try SymmetryFinder.find(in: structure, tolerance: 0.01).copies == 1)
        }
    }

    /// Copies of a cell have its elements and its volume for each atom: every value is that of the unit.
    @Test func tiledDesignsHaveTheValuesOfTheirUnit() async throws {
        let mixed = AnalyticPredictor(name: "mixed", byVolume: 0.1)
        let unit = try analyticEvaluator(DesignTemplate(named: "perovskite"), [("0.45±0.1", mixed)])
        let whole = try analyticEvaluator(
            DesignTemplate(named: "perovskite", supercell: SIMD3(2, 1, 3)), [("0.45±0.1", mixed)])
        let found = try await CompositionSearch(
            evaluator: unit, budget: SearchBudget(candidates: 5, calls: 2000, jobs: 1)
        ).run { _ in }
        let tiled = TiledDesign.tile(found, from: unit.problem, into: whole)
        #expect(tiled.method == "tiled" && tiled.calls == found.calls + tiled.candidates.count)
        for (copy, own) in zip(tiled.candidates, found.candidates) {
            #expect(abs(copy.values[0] - own.values[0]) < 1e-9 && copy.structure.atoms.count == 30)
            #expect(copy.isSuccess == own.isSuccess)
        }
    }
}
