import Crystallography
import Design
import Testing

/// Reaches `PerovskiteFactors`. A user's perovskite has a tolerance factor as the named type has it (DESIGNS.md, A4).
@Suite struct PerovskiteRolesTests {
    private func template(
        _ symbols: [String], a: Double, tilt: Double = 0, states: DesignTemplate.States = .all
    ) throws -> DesignTemplate {
        let elements = try symbols.map { try #require(Element(symbol: $0)) }
        let x = [SIMD3(0.5, 0.5, tilt), SIMD3(0.5, tilt, 0.5), SIMD3(tilt, 0.5, 0.5)]
        let structure = CrystalStructure(
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            sites: [Site(elements[0], at: .zero), Site(elements[1], at: SIMD3(0.5, 0.5, 0.5))]
                + x.map { Site(elements[2], at: $0) })
        return try DesignTemplate.symmetrized(structure, name: "own")
    }

    private func problem(_ template: DesignTemplate) throws -> DesignProblem {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.5", property: TemplateDisplacement.name, option: "--displacement")
        ]
        options.toleranceRange = 0.5...1.5
        return try DesignProblem(template, options)
    }

    @Test("KTaO3 from a file is a perovskite, and its tolerance factor that of the type")
    func file() throws {
        let own = try template(["K", "Ta", "O"], a: 3.99)
        #expect(own.isPerovskite)
        let problem = try self.problem(own)
        let named = try self.problem(DesignTemplate(named: "perovskite", states: .all))
        func factor(_ problem: DesignProblem) throws -> Double {
            let pattern = try #require(
                problem.patterns.firstIndex { pattern in
                    problem.template.perovskiteRoles.map { roles in
                        roles.map { pattern.charges[$0] } == [1, 5, -2]
                    } ?? false
                })
            let elements = try problem.template.roleOfOrbit.map { role -> Element in
                let place = try #require(problem.template.perovskiteRoles?.firstIndex(of: role))
                return try #require(Element(symbol: ["K", "Ta", "O"][place]))
            }
            return try #require(
                problem.toleranceFactor(Decoration(pattern: pattern, elements: elements)))
        }
        #expect(abs(try factor(problem) - factor(named)) < 1e-12)
        // No proton on the place of A: it has no radius.
        #expect(problem.patterns.allSatisfy { !$0.elements.joined().contains { $0.symbol == "H" } })
    }

    @Test("the larger hole is A's, whatever the order of the file")
    func inverse() throws {
        let own = try template(["Li", "Ba", "F"], a: 4.0)
        // F stands nearer to the atom in the middle of the cell: Ba is B here, as the file has it.
        let roles = try #require(own.perovskiteRoles)
        #expect(own.roles[roles[1]].name == "Ba" && own.roles[roles[2]].name == "F")
    }

    @Test("rock salt and spinel are none")
    func others() throws {
        #expect(try !DesignTemplate(named: "rocksalt").isPerovskite)
        #expect(try !DesignTemplate(named: "spinel").isPerovskite)
        #expect(try DesignTemplate(named: "anti-perovskite").isPerovskite)
    }

    @Test(
        "the published studies' states are those of +1/+2 and +2/+4, and all states have +1/+5, +2/+1 and +3/+3"
    )
    func states() throws {
        func charges(_ states: DesignTemplate.States) throws -> Set<[Int]> {
            Set(try problem(DesignTemplate(named: "perovskite", states: states)).patterns.map(\.charges))
        }
        #expect(try charges(.published) == [[1, 2, -1], [2, 4, -2]])
        #expect(try charges(.all) == [[1, 2, -1], [2, 4, -2], [1, 5, -2], [2, 1, -1], [3, 3, -2]])
    }

    /// Goldschmidt's and the octahedral factor of SrTiO3 from Shannon's ionic radii: 0.605/1.26 in the convention of the table's crystal
    /// radii, ionic ones being 0.14 Å less and more.
    @Test("the octahedral factor is the ionic radius of B over that of X, and bounds what is admitted")
    func octahedron() throws {
        let problem = try self.problem(DesignTemplate(named: "perovskite"))
        let pattern = try #require(problem.patterns.firstIndex { $0.charges == [2, 4, -2] })
        let elements = try ["Sr", "Ti", "O"].map { try #require(Element(symbol: $0)) }
        let factor = try #require(
            problem.octahedralFactor(Decoration(pattern: pattern, elements: elements)))
        #expect(abs(factor - 0.605 / 1.40) < 1e-9)
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.5", property: TemplateDisplacement.name, option: "--displacement")
        ]
        options.octahedralRange = 0.45...0.9
        let bounded = try DesignProblem(DesignTemplate(named: "perovskite"), options)
        #expect(!bounded.admits(Decoration(pattern: pattern, elements: elements)))
    }
}
