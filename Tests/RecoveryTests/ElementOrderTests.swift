import Crystallography
import Parameterization
import Recovery
import Symmetry
import Testing

/// Whether a pattern shows which of two elements stands where.
@Suite("ElementOrder") struct ElementOrderTests {
    /// Two elements on the positions of CsCl.
    private static func pair(_ first: String, _ second: String, _ a: Double) throws -> ReducedStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find("221"),
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                try PowderGroupRecoveryTests.site(first, .zero),
                try PowderGroupRecoveryTests.site(second, SIMD3(0.5, 0.5, 0.5)),
            ], tolerance: 1e-5)
    }

    private static func clause(_ structure: ReducedStructure) throws -> VerdictClause? {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(structure, seed: 5)
        let recovery = PowderGroupRecoveryTests.recovery(instrument, seed: 5)
        let weights = PowderRecovery.weights(of: pattern)
        let result = try recovery.recover(pattern, weights: weights, starts: [structure])
        return try ElementOrder(recovery).doubt(of: result, pattern: pattern, weights: weights)?.clause
    }

    @Test("iron and cobalt in order cannot be told from both on all places: the clause says so")
    func alike() throws {
        let clause = try #require(try Self.clause(Self.pair("Fe", "Co", 2.86)))
        #expect(clause.outcome == .unknown && clause.name == "order")
    }

    @Test("of caesium and chlorine the pattern shows the order, and nothing is said")
    func unlike() throws {
        #expect(try Self.clause(Self.pair("Cs", "Cl", 4.12)) == nil)
    }
}
