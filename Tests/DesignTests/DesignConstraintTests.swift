import Crystallography
import Design
import LearnedModels
import Parameterization
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)

/// As in Docs/Designing-crystals.md: an upper bound of the electron density, 1/Å³.
private struct LightCrystal: DesignConstraint {
    var limit: Double
    var name: String { "electron density below \(limit)/Å³" }

    func admits(_ composition: [Element: Int]) -> Bool { true }

    func accepts(_ structure: ReducedStructure) -> Bool { density(structure) < limit }

    func density(_ structure: ReducedStructure) -> Double {
        let electrons = structure.expanded().composition.reduce(0.0) { sum, part in
            sum + part.value * Double(part.key.atomicNumber)
        }
        return electrons / structure.lattice.volume
    }
}

@Suite(.enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
struct DesignConstraintTests {
    private func options() throws -> DesignProblem.Options {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<-0.5", property: "formation-energy", option: "--formation-energy")
        ]
        return options
    }

    @Test(arguments: [DesignMethod.gradient, .random, .exhaustive])
    func everySuccessMeetsTheConstraints(method: DesignMethod) async throws {
        var options = try options()
        let light = LightCrystal(limit: 1.5)
        options.constraints = [light, try CompositionLimit("O>0.1")]
        options.sites["A"] = Set(["Na", "K", "Ca", "Sr"].compactMap { Element(symbol: $0) })
        options.sites["B"] = Set(["Mg", "Ti", "Zr"].compactMap { Element(symbol: $0) })
        let problem = try DesignProblem(DesignTemplate(named: "perovskite"), options)
        var search = DesignSearch(try DesignEvaluator(problem))
        search.method = method
        search.candidates = 4
        search.budget = 800
        let result = try await search.run()
        // Draws know nothing of a structure's constraint.
        #expect(method == .random || result.candidates.contains(where: \.isSuccess))
        for candidate in result.candidates where candidate.isSuccess {
            #expect(light.density(candidate.structure) < 1.5)
            #expect(candidate.elements.contains { $0.symbol == "O" })
        }
    }

    @Test func aConstraintThatNothingMeetsIsSaidBeforeTheRun() throws {
        var options = try options()
        options.constraints = [try CompositionLimit("O=0.5")]
        #expect(throws: DesignError.self) {
            try DesignProblem(DesignTemplate(named: "perovskite"), options)
        }
    }

    /// Of a search with a front: the leaders are beaten by no candidate.
    @Test func aFrontLeadsTheCandidates() async throws {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("max", property: "gap", option: "--gap"),
            try PropertyTarget("max", property: "bulk-modulus", option: "--bulk-modulus"),
        ]
        var search = DesignSearch(
            try DesignEvaluator(DesignProblem(DesignTemplate(named: "rocksalt"), options)))
        search.front = 4
        search.candidates = 12
        search.budget = 3000
        let result = try await search.run()
        #expect(result.calls <= 3000 + 4 * 16 * 14 * 3)
        let front = search.evaluator.front(of: result.candidates)
        #expect(front == Array(0..<front.count) && !front.isEmpty)
        let gaps = front.map { result.candidates[$0].values[0] }
        let moduli = front.map { result.candidates[$0].values[1] }
        #expect(gaps == gaps.sorted(by: >) && moduli == moduli.sorted())
    }
}
