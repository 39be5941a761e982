import Crystallography
import Design
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite struct PrototypeTests {
    /// Wyckoff letters of Strukturbericht's types, and what their formula is.
    @Test(arguments: [
        ("perovskite", 221, ["a", "b", "c"], "BaO3Ti"), ("rocksalt", 225, ["a", "b"], "ClNa"),
        ("spinel", 227, ["a", "d", "e"], "Al2MgO4"), ("half-heusler", 216, ["a", "b", "c"], "AlLiSi"),
        ("rutile", 136, ["a", "f"], "O2Ti"), ("anti-perovskite", 221, ["a", "b", "c"], "BrNa3O"),
    ])
    func typesStandOnTheirPositions(name: String, group: Int, letters: [String], formula: String) throws {
        let prototype = try #require(Prototype.named(name))
        let structure = try prototype.structure()
        #expect(structure.spaceGroup.number == group)
        #expect(structure.orbits.map(\.letter) == letters)
        #expect(Formula(structure.expanded()).reduced.text() == formula)
        #expect(prototype.sites.allSatisfy { !$0.charges.isEmpty })
        #expect(prototype.lengthBounds.contains(1))
        // Atoms of the example do not collide in the rounded cell.
        #expect(Contacts(structure).shortestShare > 0.5)
    }

    @Test func thereAreAsManyTypesAsNames() {
        #expect(Prototype.all.count == 6 && Prototype.all.map(\.name) == DesignTemplate.names)
        #expect(Prototype.named("fluorite") == nil)
        #expect(Prototype.all.filter(\.needsRadius).map(\.name) == ["perovskite"])
    }

    /// The patterns are all ways to a neutral cell in which every role has an element.
    @Test func chargePatternsAreNeutralAndFilled() throws {
        for name in DesignTemplate.names {
            let template = try DesignTemplate(named: name)
            let patterns = try ChargePattern.all(of: template) { role, charge in
                Ion.all.filter { $0.charge == charge && (!role.needsRadius || $0.radius != nil) }.map(
                    \.element
                )
                .sorted()
            }
            #expect(!patterns.isEmpty && Set(patterns).count == patterns.count)
            for pattern in patterns {
                let sum = template.structure.orbits.indices.reduce(0) { sum, orbit in
                    sum + template.structure.orbits[orbit].multiplicity
                        * pattern.charges[template.roleOfOrbit[orbit]]
                }
                #expect(sum == 0 && pattern.elements.allSatisfy { !$0.isEmpty && $0 == $0.sorted() })
            }
        }
        let template = try DesignTemplate(named: "rocksalt")
        #expect(throws: DesignError.self) { try ChargePattern.all(of: template) { _, _ in [] } }
    }

    /// Sulphur is an anion in a sulphide and a cation in a sulphate, as many elements as leave the crystal neutral.
    @Test func anElementTakesTheSignThatLeavesTheCrystalNeutral() throws {
        let (zinc, sulphur) = (try #require(Element(symbol: "Zn")), try #require(Element(symbol: "S")))
        let blende = ReducedStructure(
            title: "ZnS", spaceGroup: try SpaceGroup.find("216"),
            lattice: Lattice(a: 5.41, b: 5.41, c: 5.41, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [Site(zinc, at: .zero), Site(sulphur, at: SIMD3(repeating: 0.25))])
        let roles = try DesignTemplate.roles(of: blende)
        #expect(roles.map(\.name) == ["Zn", "S"])
        #expect(roles[0].charges.allSatisfy { $0 > 0 } && roles[1].charges.allSatisfy { $0 < 0 })
        #expect(roles[0].charges == roles[0].charges.sorted() && !roles[1].charges.isEmpty)
    }

    /// The first attempt starts at the ionic cell, later ones elsewhere inside of the bounds, each from its own stream.
    @Test func laterAttemptsStartElsewhere() throws {
        var options = DesignProblem.Options()
        options.targets = [PropertyTarget(property: "toy", goal: .minimum)]
        let problem = try DesignProblem(
            DesignTemplate(named: "perovskite", orbits: .subgroup("P4mm")), options)
        var random = RandomStream(seed: 3)
        let drawn = problem.randomDecoration(&random)
        var starts: [[Double]] = []
        for attempt in 0..<6 {
            var stream = RandomStream(seed: 1, index: UInt64(attempt))
            let start = problem.start(drawn, attempt: attempt, &stream)
            #expect(zip(start, problem.space.bounds).allSatisfy { $1.contains($0) })
            starts.append(start)
        }
        #expect(starts[0] == problem.ionicStart(drawn) && Set(starts).count == 6)
    }
}
