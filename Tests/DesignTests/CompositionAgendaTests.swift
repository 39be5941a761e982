import Crystallography
import Design
import NumericalMethods
import Testing

@Suite struct CompositionAgendaTests {
    private func problem(_ change: (inout DesignProblem.Options) -> Void = { _ in }) throws -> DesignProblem {
        var options = DesignProblem.Options()
        options.targets = [PropertyTarget(property: "toy", goal: .minimum)]
        change(&options)
        return try DesignProblem(DesignTemplate(named: "rocksalt"), options)
    }

    private func decoration(_ first: String, _ second: String) -> Decoration {
        Decoration(pattern: 0, elements: [first, second].compactMap { Element(symbol: $0) })
    }

    @Test func eachCompositionEntersOnceAndTheMostPromisingLeavesFirst() throws {
        var agenda = CompositionAgenda(try problem())
        let proposals = [("Na", 3.0), ("K", 1.0), ("Li", 2.0), ("Na", 0.0), ("Rb", 1.0)].map {
            agenda.propose(decoration($0.0, "Cl"), priority: $0.1)
        }
        #expect(proposals == [true, true, true, false, true])
        // Of equals the earlier.
        let first = agenda.next(3)
        #expect(first.map { $0.decoration.elements[0].symbol } == ["K", "Rb", "Li"])
        agenda.retry(first[0], priority: 5)
        let rest = agenda.next(9)
        #expect(rest.map(\.attempt) == [0, 1] && rest.map(\.priority) == [3, 5])
        #expect(agenda.isEmpty)
    }

    @Test func whatAConstraintRefusesDoesNotEnter() throws {
        var agenda = CompositionAgenda(
            try problem { $0.constraints = (try? CompositionLimit("Cl>0.4")).map { [$0] } ?? [] })
        let taken = [
            agenda.propose(decoration("Na", "Cl"), priority: 0),
            agenda.propose(decoration("Na", "Br"), priority: 0),
        ]
        #expect(taken == [true, false])
    }

    /// A role's elements and on how many sites they stand, not which of its sites, nor the pattern.
    @Test func aCompositionKnowsNoOrderOfSites() throws {
        var options = DesignProblem.Options()
        options.targets = [PropertyTarget(property: "toy", goal: .minimum)]
        let free = try DesignProblem(DesignTemplate(named: "perovskite", orbits: .free), options)
        func composition(_ pattern: Int, _ symbols: String...) -> SiteComposition {
            free.composition(
                Decoration(pattern: pattern, elements: symbols.compactMap { Element(symbol: $0) }))
        }
        let one = composition(0, "K", "Mg", "F", "F", "Cl")
        #expect(
            one == composition(0, "K", "Mg", "Cl", "F", "F")
                && one == composition(1, "K", "Mg", "F", "Cl", "F"))
        #expect(one != composition(0, "K", "Mg", "F", "Cl", "Cl"))
        #expect(one != composition(0, "Mg", "K", "F", "F", "Cl"))
    }

    /// Radii in contact: a = 2 (r₊ + r₋) in rock salt.
    @Test func theIonicCellIsThatOfTouchingIons() throws {
        let problem = try problem()
        let pattern = try #require(problem.patterns.firstIndex { $0.charges == [2, -2] })
        let magnesia = Decoration(
            pattern: pattern, elements: ["Mg", "O"].compactMap { Element(symbol: $0) })
        let sum = try magnesia.elements.enumerated().reduce(0.0) { sum, entry in
            let charge = problem.patterns[pattern].charges[entry.offset]
            return sum + (try #require(Ion.of(entry.element, charge: charge)?.radius))
        }
        let cell = problem.space.structure(at: problem.ionicStart(magnesia)).lattice
        #expect(abs(cell.lengths.x - 2 * sum) < 1e-9)
    }

    /// Every draw stands on its masks, and on the tolerance factor where one is asked for.
    @Test func randomDecorationsKeepToTheMasks() throws {
        var options = DesignProblem.Options()
        options.targets = [PropertyTarget(property: "toy", goal: .minimum)]
        options.toleranceRange = 0.85...0.95
        let problem = try DesignProblem(DesignTemplate(named: "perovskite"), options)
        var random = RandomStream(seed: 4)
        for _ in 0..<200 {
            let drawn = problem.randomDecoration(&random)
            #expect(problem.meetsTolerance(drawn) && problem.proveNeutrality(drawn) != nil)
            for (orbit, element) in drawn.elements.enumerated() {
                #expect(problem.choices(drawn.pattern, orbit).contains(element))
            }
        }
    }
}
