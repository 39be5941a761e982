import Crystallography
import Design
import Testing

@Suite("SubstitutionRule") struct SubstitutionRuleTests {
    private static func problem() throws -> DesignProblem {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.5", property: TemplateDisplacement.name, option: "--displacement")
        ]
        return try DesignProblem(DesignTemplate(named: "perovskite"), options)
    }

    private static func admits(_ a: [String], _ b: [String], _ x: [String], _ charges: [Int]) throws -> Bool {
        let problem = try problem()
        let pattern = try #require(problem.patterns.firstIndex { $0.charges == charges })
        return SubstitutionRule(problem).admits(
            [a, b, x].map { $0.compactMap { Element(symbol: $0) } }, pattern: pattern)
    }

    /// Shannon's radii of six neighbours, Å: K 1.38, Rb 1.52, Li 0.76, Mg 0.72, Zn 0.74, Ca 1.00, F 1.33, Cl 1.81, Br 1.96.
    @Test("ions whose radii differ by no more than 15 % share sites, others do not")
    func radii() throws {
        #expect(try Self.admits(["K", "Rb"], ["Mg", "Zn"], ["F"], [1, 2, -1]))
        #expect(try !Self.admits(["K", "Li"], ["Mg", "Zn"], ["F"], [1, 2, -1]))
        #expect(try !Self.admits(["K"], ["Mg", "Ca"], ["F"], [1, 2, -1]))
        #expect(try !Self.admits(["Cs"], ["Mn"], ["F", "Cl"], [1, 2, -1]))
        #expect(try Self.admits(["Cs"], ["Mn"], ["Cl", "Br"], [1, 2, -1]))
    }

    /// KMgF3 and BaZrO3 are cubic; Be fits no octahedron of F.
    @Test("every A, B and X that meet have a tolerance and an octahedral factor in range")
    func factors() throws {
        #expect(try Self.admits(["K"], ["Mg"], ["F"], [1, 2, -1]))
        #expect(try Self.admits(["Ba"], ["Zr", "Hf"], ["O"], [2, 4, -2]))
        #expect(try !Self.admits(["Na"], ["Cd"], ["F"], [1, 2, -1]))
        #expect(try !Self.admits(["K"], ["Be"], ["F"], [1, 2, -1]))
    }

    @Test("of a decoration the elements of each role are asked")
    func decoration() throws {
        let problem = try Self.problem()
        let pattern = try #require(problem.patterns.firstIndex { $0.charges == [1, 2, -1] })
        let rule = SubstitutionRule(problem)
        func decoration(_ symbols: [String: String]) throws -> Decoration {
            Decoration(
                pattern: pattern,
                elements: try problem.template.roleOfOrbit.map { role in
                    try #require(
                        symbols[problem.template.roles[role].name].flatMap { Element(symbol: $0) })
                })
        }
        #expect(rule.admits(try decoration(["A": "K", "B": "Mg", "X": "F"])))
        #expect(!rule.admits(try decoration(["A": "Na", "B": "Cd", "X": "F"])))
    }
}
