import CrystalFiles
import Crystallography
import Design
import Foundation
import LearnedModels
import NumericalMethods
import PropertyModels
import Symmetry
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)
private let notInstalled: Comment = "the models are not installed: wyckoff models fetch"

/// Formation energy and gap, with nothing else asked.
private func options(_ targets: [(String, String)]) throws -> DesignProblem.Options {
    var options = DesignProblem.Options()
    options.targets = try targets.map { try PropertyTarget($0.1, property: $0.0, option: "--target") }
    return options
}

/// Reaches `IonicCell`.
@Suite struct DesignTemplateTests {
    /// Group number, atoms, orbits and what ITA gives as the sites' multiplicities.
    @Test(arguments: [
        ("perovskite", 221, 5, [1, 1, 3]), ("rocksalt", 225, 8, [4, 4]), ("spinel", 227, 56, [8, 16, 32]),
        ("half-heusler", 216, 12, [4, 4, 4]), ("rutile", 136, 6, [2, 4]),
    ])
    func templatesHaveTheirGroupAndSites(name: String, group: Int, atoms: Int, sites: [Int]) throws {
        let template = try DesignTemplate(named: name)
        #expect(template.atomCount == atoms)
        #expect(template.structure.orbits.map(\.multiplicity) == sites)
        let found = try SymmetryFinder.find(in: template.structure.expanded(), tolerance: 1e-5)
        #expect(found.spaceGroup.number == group)
    }

    @Test func subgroupsFreeWhatTheGroupHoldsFixed() throws {
        let whole = DesignSpace(try DesignTemplate(named: "perovskite"))
        #expect(whole.names == ["a"] && whole.orbitCount == 3)
        let tetragonal = DesignSpace(try DesignTemplate(named: "perovskite", orbits: .subgroup("P4mm")))
        #expect(tetragonal.names.prefix(2) == ["a", "c"] && tetragonal.orbitCount == 4)
        #expect(tetragonal.count == 5)
        let free = DesignSpace(try DesignTemplate(named: "perovskite", orbits: .free))
        #expect(free.orbitCount == 5 && free.count == 3 + 15 - 3)
        let big = try DesignTemplate(named: "perovskite", supercell: SIMD3(3, 3, 3))
        #expect(big.atomCount == 135 && big.roleOfOrbit.filter { $0 == 2 }.count == 81)
        #expect(throws: DesignError.self) {
            try DesignTemplate(named: "perovskite", orbits: .subgroup("Fm-3m"))
        }
    }

    @Test func anyStructureIsATemplateIfItHasSymmetry() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Data/structures/pbso4.cif").path
        let structure = try CrystalFile.readFirst(file).structure
        let template = try DesignTemplate.symmetrized(structure, name: "pbso4")
        #expect(template.roles.map(\.name).sorted() == ["O", "Pb", "S"])
        #expect(
            template.roles.allSatisfy { role in role.charges.allSatisfy { ($0 < 0) == (role.name == "O") } })
        var disturbed = structure
        disturbed.lattice = Lattice(a: 8, b: 5, c: 7, alpha: 85, beta: 95, gamma: 100)
        for index in disturbed.sites.indices {
            let k = Double(index)
            disturbed.sites[index].position += SIMD3(
                0.013 * k.truncatingRemainder(dividingBy: 3), 0.007 * k, 0.011)
        }
        #expect(throws: DesignError.self) { try DesignTemplate.symmetrized(disturbed, name: "none") }
    }

    @Test func thePerovskitesAreThoseOfThePaper() throws {
        let cubic = try DesignProblem(
            DesignTemplate(named: "perovskite"), options([("formation-energy", "<-0.5")]))
        #expect(cubic.patterns.map(\.charges) == [[1, 2, -1], [2, 4, -2]])
        let sizes = cubic.patterns.map { $0.elements.map(\.count) }
        #expect(sizes == [[8, 16, 4], [16, 20, 4]])
    }

    /// Every draw of every family is neutral by the table, whatever its size.
    @Test(.enabled(if: isInstalled, notInstalled), arguments: DesignTemplate.names)
    func masksLeaveNeutralCrystalsOnly(name: String) async throws {
        let problem = try DesignProblem(
            DesignTemplate(named: name), options([("formation-energy", "<-0.5")]))
        #expect(!problem.patterns.isEmpty)
        var search = DesignSearch(try DesignEvaluator(problem))
        search.candidates = 4
        search.budget = 300
        let result = try await search.run()
        #expect(!result.candidates.isEmpty)
        for candidate in result.candidates {
            let charges = try #require(candidate.charges)
            let sum = zip(charges, candidate.structure.orbits).reduce(0) { $0 + $1.0 * $1.1.multiplicity }
            #expect(sum == 0)
            for (element, charge) in zip(candidate.elements, charges) {
                #expect(Ion.of(element, charge: charge) != nil)
            }
            // The symmetry is exact: spglib finds the template's group or, where elements meet, one above it.
            let found = try SymmetryFinder.find(in: candidate.structure.expanded(), tolerance: 1e-5)
            #expect(found.spaceGroup.order * found.copies >= problem.template.structure.spaceGroup.order)
        }
    }

    @Test(.enabled(if: isInstalled, notInstalled))
    func whatNoModelCanGiveIsSaidBeforeTheRun() throws {
        let problem = try DesignProblem(
            DesignTemplate(named: "perovskite"), options([("gap", "<-3")]))
        #expect(throws: DesignError.self) { try DesignEvaluator(problem) }
    }

    @Test func whatCannotBeMetIsSaidBeforeTheRun() throws {
        let template = try DesignTemplate(named: "perovskite")
        #expect(throws: DesignError.self) { try DesignProblem(template, options([])) }
        var none = try options([("gap", "2±0.2")])
        none.elements = Element(symbol: "O").map { [$0] }
        #expect(throws: DesignError.self) { try DesignProblem(template, none) }
        var site = try options([("gap", "2±0.2")])
        site.sites = ["Q": []]
        #expect(throws: DesignError.self) { try DesignProblem(template, site) }
        var tolerance = try options([("gap", "2±0.2")])
        tolerance.toleranceRange = 0.8...1
        #expect(throws: DesignError.self) { try DesignProblem(DesignTemplate(named: "rutile"), tolerance) }
    }
}

@Suite(.enabled(if: isInstalled, notInstalled)) struct DesignSearchTests {
    private func perovskites(_ orbits: DesignTemplate.Orbits = .group) throws -> DesignEvaluator {
        var options = try options([("gap", "2.5±0.2"), ("formation-energy", "<-0.5")])
        options.toleranceRange = 0.8...1
        return try DesignEvaluator(
            DesignProblem(DesignTemplate(named: "perovskite", orbits: orbits), options))
    }

    /// d(value)/d(variable) through cell, coordinates and orbits.
    @Test func gradientsInTheFreeVariablesAreThoseOfDifferences() throws {
        let evaluator = try perovskites(.subgroup("P4mm"))
        let problem = evaluator.problem
        var random = RandomStream(seed: 5)
        let elements = ["Ba", "Ti", "O", "O"].compactMap { Element(symbol: $0) }
        let decoration = Decoration(pattern: 1, elements: elements)
        let x = problem.ionicStart(decoration).map { $0 + 0.05 * random.normal() }
        let list = NeighbourList(problem.space.geometry(at: x), ties: .symmetric)
        let mixtures = MixedCrystal.mixtures(of: elements)
        func values(_ x: [Double], gradient: Bool = false) -> DesignEvaluation {
            evaluator.evaluate(
                mixtures: mixtures, at: x, neighbours: list, gradient: gradient, precision: .double)
        }
        let exact = values(x, gradient: true).gradients
        for k in x.indices {
            func at(_ h: Double) -> [Double] {
                var moved = x
                moved[k] += h
                return values(moved).values
            }
            let h = 1e-3
            let (a, b, c, d) = (at(h), at(-h), at(2 * h), at(-2 * h))
            for model in exact.indices {
                let numeric = (8 * (a[model] - b[model]) - (c[model] - d[model])) / (12 * h)
                #expect(abs(numeric - exact[model][k]) < 1e-5 * max(1, abs(numeric)))
            }
        }
    }

    @Test func successesAreVerifiedDistinctAndRepeatable() async throws {
        var search = DesignSearch(try perovskites())
        search.candidates = 24
        search.budget = 6000
        let first = try await search.run()
        #expect(first.calls <= 6000 + 16 * 14 * 3)
        let keys = first.candidates.map { search.problem.composition($0.decoration) }
        #expect(Set(keys).count >= 20)
        for candidate in first.candidates {
            #expect(candidate.isSuccess)
            // Judged anew from the structure alone.
            let again = search.evaluator.judge(candidate.decoration, at: candidate.x)
            #expect(again.isSuccess)
            #expect(abs(again.values[0] - candidate.values[0]) < 1e-9)
        }
        search.jobs = 1
        let second = try await search.run()
        #expect(second.candidates.map(\.decoration) == first.candidates.map(\.decoration))
        #expect(second.calls == first.calls)
    }

    @Test(arguments: [DesignMethod.random, .tpe, .smoacs])
    func baselinesKeepTheirBudget(method: DesignMethod) async throws {
        var search = DesignSearch(try perovskites())
        search.method = method
        search.candidates = 8
        search.budget = 8 * 30 * 3
        let result = try await search.run()
        #expect(result.candidates.count == 8)
        #expect(result.calls <= 8 * 31 * 3)
    }
}
