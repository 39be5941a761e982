import Crystallography
import Design
import Energies
import NumericalMethods
import Parameterization
import Testing

/// Targets asked again where an energy is least, and searches that never leave that place (DESIGNS.md, faults 1 and 2). Reaches
/// `RelaxedGeometrySearch`.
@Suite("Relaxed geometry") struct RelaxedGeometryTests {
    /// Rock salt whose property is the logarithm of an atom's volume.
    private static func evaluator(_ target: String, floor: Double? = nil) throws -> DesignEvaluator {
        var predictor = AnalyticPredictor(name: "toy", validationError: 0.4, floor: floor)
        predictor.number = { _ in 0 }
        predictor.byVolume = 1
        return try analyticEvaluator(try DesignTemplate(named: "rocksalt"), [(target, predictor)]) {
            $0.elements = Set(["Na", "K", "Cl", "Br"].compactMap { Element(symbol: $0) })
        }
    }

    private static func salt(_ evaluator: DesignEvaluator, a: Double) throws -> DesignCandidate {
        let pattern = try #require(evaluator.problem.patterns.firstIndex { $0.charges == [1, -1] })
        let elements = try ["Na", "Cl"].map { try #require(Element(symbol: $0)) }
        let space = evaluator.problem.space
        var structure = space.structure(at: space.start, elements: elements)
        structure.latticeParameters.values[0] = a
        return evaluator.judge(
            Decoration(pattern: pattern, elements: elements), at: space.variables(of: structure))
    }

    @Test("the variables of a structure are those it was made from")
    func variables() throws {
        let space = DesignSpace(try DesignTemplate(named: "spinel"))
        let x = space.start.enumerated().map { $1 * (1 + 0.01 * Double($0 + 1)) }
        for (a, b) in zip(space.variables(of: space.structure(at: x)), x) { #expect(abs(a - b) < 1e-12) }
    }

    @Test("a target met as proposed and not where the energy is least is a success and no success there")
    func askedAgain() throws {
        // 22.4 Å³ at 5.64 Å, 28 Å³ where the spring is at rest: ln 22.4 = 3.11, ln 28 = 3.33.
        let evaluator = try Self.evaluator("3.0:3.2")
        let proposed = try Self.salt(evaluator, a: 5.64)
        #expect(proposed.isSuccess)
        let verdict = try StabilityJudge(VolumeSpring(volume: 28, energy: -4)).verdict(proposed.structure)
        let relaxed = evaluator.judge(proposed, at: try #require(verdict?.relaxation).structure)
        #expect(!relaxed.isSuccess && abs(relaxed.values[0] - 3.332) < 0.01)
        let clause = { (at: [DesignCandidate]) in
            DesignClause.verdict(on: [proposed], relaxed: at).first { $0.name == "geometry" }?.outcome
        }
        #expect(clause([relaxed]) == .fails && clause([proposed]) == .holds && clause([]) == .fails)
        #expect(!DesignClause.verdict(on: [proposed]).contains { $0.name == "geometry" })
    }

    @Test("a value that the model gives when it knows nothing is no success, whatever was asked for")
    func floor() throws {
        let evaluator = try Self.evaluator("3.0:3.2", floor: 3.11)
        let candidate = try Self.salt(evaluator, a: 5.64)
        #expect(candidate.isOnFloor && !candidate.meetsProperties && !candidate.isSuccess)
        let other = try Self.salt(evaluator, a: 5.72)
        #expect(!other.isOnFloor && other.isSuccess)
    }

    @Test(
        "every composition is settled where the energy is least, and those that meet the target there are found"
    )
    func exhaustive() async throws {
        let evaluator = try Self.evaluator("3.3:3.4")
        var search = DesignSearch(evaluator)
        search.judge = StabilityJudge(VolumeSpring(volume: 28, energy: -4))
        let result = try await search.run()
        #expect(result.candidates.count == 4, "NaCl, NaBr, KCl, KBr")
        for candidate in result.candidates {
            let volume = candidate.structure.lattice.volume / 8
            #expect(abs(volume - 28) < 0.2 && candidate.isSuccess)
        }
    }
}
