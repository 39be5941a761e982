import Crystallography
import Design
import NumericalMethods
import Testing

/// Reaches `MixedStart`: supercells at the least energy start from what their unit cell's search found.
@Suite("MixedStart") struct MixedStartTests {
    /// Rock salts doubled along a: eight cations and eight anions, each a site of its own; the property is the logarithm of an atom's volume.
    private static func evaluator(copies: SIMD3<Int>) throws -> DesignEvaluator {
        var predictor = AnalyticPredictor(name: "toy", validationError: 0.4)
        predictor.number = { _ in 0 }
        predictor.byVolume = 1
        return try analyticEvaluator(
            try DesignTemplate(
                named: "rocksalt", orbits: copies == SIMD3(1, 1, 1) ? .group : .free, supercell: copies),
            [("3.3:3.4", predictor)]
        ) {
            $0.elements = elements("Na", "K", "Rb", "Cl", "Br")
        }
    }

    @Test("a host keeps most of its sites, another ion that fits takes some, and no translation is left")
    func hosts() async throws {
        var search = DesignSearch(try Self.evaluator(copies: SIMD3(2, 1, 1)))
        search.judge = StabilityJudge(VolumeSpring(volume: 28, energy: -4))
        search.unit = try Self.evaluator(copies: SIMD3(1, 1, 1))
        search.candidates = 4
        search.budget = 100_000
        let result = try await search.run()
        #expect(result.method == "gradient at relaxed geometry")
        let problem = search.problem
        let rule = SubstitutionRule(problem)
        let found = result.candidates.filter(\.isSuccess)
        #expect(found.count >= 2 && result.feasible.count == found.count)
        for candidate in found {
            #expect(rule.admits(candidate.decoration))
            #expect(abs(candidate.structure.lattice.volume / 16 - 28) < 0.2)
            var most = 0
            for role in problem.template.roles.indices {
                let own = candidate.decoration.elements.indices.filter {
                    problem.template.roleOfOrbit[$0] == role
                }.map { candidate.decoration.elements[$0] }
                most += Set(own).map { element in own.count { $0 == element } }.max() ?? 0
            }
            #expect(most >= 9 && most < 16)
        }
        let again = try await search.run()
        #expect(again.candidates.map(\.decoration) == result.candidates.map(\.decoration))
    }
}
