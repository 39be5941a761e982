import Crystallography
import Design
import Testing

/// Which decorations have signs that chemistry knows (DESIGNS.md, fault 6).
@Suite("ChemicalSigns") struct ChemicalSignsTests {
    private static func problem(asksCharges: Bool = true) throws -> DesignProblem {
        var options = DesignProblem.Options()
        options.targets = [PropertyTarget(property: "toy", goal: .maximum)]
        options.asksCharges = asksCharges
        return try DesignProblem(DesignTemplate(named: "perovskite"), options)
    }

    private static func decoration(_ symbols: [String], in problem: DesignProblem) throws -> Decoration {
        let pattern = try #require(
            problem.patterns.firstIndex { $0.charges == (problem.asksCharges ? [2, 4, -2] : [0, 0, 0]) })
        return Decoration(pattern: pattern, elements: try symbols.map { try #require(Element(symbol: $0)) })
    }

    @Test(
        "an element that is cation and anion at once, and a cation that attracts electrons more than an anion, are refused",
        arguments: [
            (["Ba", "Ti", "O"], true), (["Sr", "Sn", "S"], true), (["Sr", "S", "O"], true),
            (["Ba", "Se", "Se"], false), (["Sr", "S", "Se"], false), (["Sr", "S", "Te"], false),
            (["Sr", "Se", "Te"], false), (["Ba", "C", "Te"], true),
        ])
    func signs(symbols: [String], isChemical: Bool) throws {
        let problem = try Self.problem()
        let decoration = try Self.decoration(symbols, in: problem)
        #expect(problem.isChemical(decoration) == isChemical)
        if !isChemical { #expect(!problem.admits(decoration)) }
    }

    @Test("without charges any element may stand anywhere, nothing is proven, and a metal is admitted")
    func uncharged() throws {
        let problem = try Self.problem(asksCharges: false)
        #expect(problem.patterns.count == 1 && problem.patterns[0].charges == [0, 0, 0])
        let metal = try Self.decoration(["Au", "Cu", "Cu"], in: problem)
        #expect(problem.admits(metal) && problem.proveNeutrality(metal) == [])
        // The cell in which the atoms touch: Cu–Au at the sum of the covalent radii, a factor of √2.
        let structure = problem.space.structure(at: problem.ionicStart(metal), elements: metal.elements)
        let contacts = Contacts(structure)
        #expect(contacts.shortestShare > 0.75 && contacts.shortestShare < 1.3)
    }
}
