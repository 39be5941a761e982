import Crystallography
import Design
import Testing

/// Each clause of the verdict fails where no candidate meets it, and says so.
@Suite struct DesignClauseTests {
    /// Asked at the geometry of the least energy only.
    private static let standing: Set<DesignClause> = [.geometry, .orders, .hull]

    /// BaTiO3 at an ionic cell of 4 Å, with targets that it meets.
    private func candidate(
        property: String = ">-1e9", energy: String = ">-9", tolerance: ClosedRange<Double>? = 0.5...1.5,
        symbols: [String] = ["Ba", "Ti", "O"], minimum: Double = 0.5,
        move: (inout [Double], DesignSpace) -> Void = { _, _ in }
    ) throws -> DesignCandidate {
        let evaluator = try analyticEvaluator(
            DesignTemplate(named: "perovskite", orbits: .subgroup("P4mm")),
            [
                (property, AnalyticPredictor(name: "toy")),
                (energy, AnalyticPredictor(name: "formation-energy")),
            ]
        ) {
            $0.toleranceRange = tolerance
            $0.minimumDistance = minimum
        }
        let problem = evaluator.problem
        var found = symbols.compactMap { Element(symbol: $0) }
        while found.count < problem.space.orbitCount, let last = found.last { found.append(last) }
        let pattern = try #require(problem.patterns.firstIndex { $0.charges == [2, 4, -2] })
        var x = problem.space.start
        move(&x, problem.space)
        return evaluator.judge(Decoration(pattern: pattern, elements: found), at: x)
    }

    private func outcomes(_ candidates: DesignCandidate...) -> [String: VerdictClause.Outcome] {
        Dictionary(
            uniqueKeysWithValues: DesignClause.verdict(on: candidates).map { ($0.name, $0.outcome) })
    }

    /// Every clause but those named holds.
    private func expectFailures(
        _ candidate: DesignCandidate, _ failing: Set<DesignClause>,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let found = outcomes(candidate)
        for clause in DesignClause.allCases where !Self.standing.contains(clause) {
            #expect(
                found[clause.rawValue] == (failing.contains(clause) ? .fails : .holds), "\(clause)",
                sourceLocation: location)
        }
    }

    @Test func everyClauseHoldsForASuccess() throws {
        let good = try candidate()
        #expect(good.isSuccess)
        expectFailures(good, [])
    }

    @Test func propertiesFailWhereATargetIsMissed() throws {
        expectFailures(try candidate(property: ">1e9"), [.success, .properties])
    }

    @Test func stabilityFailsWhereTheFormationEnergyIsTooHigh() throws {
        expectFailures(try candidate(energy: "<-9"), [.success, .stability])
    }

    @Test func toleranceFailsWhereTheFactorIsOutOfRange() throws {
        // Mg is too small beside Ba and O: t is 0.75.
        expectFailures(
            try candidate(tolerance: 0.9...1.1, symbols: ["Mg", "Ti", "O"]), [.success, .tolerance])
    }

    @Test func neutralityFailsWhereNoStatesAddUpToNothing() throws {
        // Three times −1 is less than any states of Ba and Ti.
        expectFailures(try candidate(symbols: ["Ba", "Ti", "F"]), [.success, .neutrality])
    }

    @Test func templateFailsWhereAtomsLeaveItsSites() throws {
        let moved = try candidate { x, space in
            guard let place = space.names.firstIndex(where: { $0.hasSuffix(".z") }) else { return }
            x[place] += 0.2 * 4.0
        }
        expectFailures(moved, [.success, .template])
    }

    @Test func templateFailsWhereAtomsStandTooClose() throws {
        let shrunk = try candidate { x, space in
            x = zip(x, space.isLength).map { $1 ? 0.55 * $0 : $0 }
        }
        #expect(shrunk.closestShare < Contacts.sane)
        expectFailures(shrunk, [.success, .template])
        let asked = try candidate(minimum: 2.1)
        #expect(asked.closestDistance < 2.1 && asked.closestShare > Contacts.sane)
        expectFailures(asked, [.success, .template])
    }

    /// Two candidates that meet all five between them, and neither of them alone.
    @Test func aSuccessMeetsAllAtOnce() throws {
        let (first, second) = (try candidate(property: ">1e9"), try candidate(energy: "<-9"))
        let found = outcomes(first, second)
        #expect(found["success"] == .fails)
        for clause in DesignClause.allCases where clause != .success && !Self.standing.contains(clause) {
            #expect(found[clause.rawValue] == .holds)
        }
    }

    @Test func withoutCandidatesSuccessFailsAndTheRestIsUnknown() {
        let found = outcomes()
        #expect(found["success"] == .fails)
        #expect(found.values.filter { $0 == .unknown }.count == DesignClause.allCases.count - 4)
    }

    @Test func whatHoldsInOneOrderOfNeighboursOrFarAboveTheHullFails() throws {
        let good = try candidate()
        let clauses = { (held: (orders: Int, hull: Int)?) in
            DesignClause.verdict(on: [good], relaxed: [good], held: held).filter {
                ["orders", "hull"].contains($0.name)
            }.map(\.outcome)
        }
        #expect(clauses(nil) == [])
        #expect(clauses((1, 0)) == [.holds, .fails])
        #expect(clauses((0, 0)) == [.fails, .fails])
        #expect(clauses((1, 1)) == [.holds, .holds])
    }
}
