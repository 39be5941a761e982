import Crystallography
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("ElementAmounts") struct ElementAmountsTests {
    /// Two elements on the positions of CsCl, a = 3.8 Å.
    private static func pair(_ first: String, _ second: String) throws -> ReducedStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find("221"),
            lattice: Lattice(a: 3.8, b: 3.8, c: 3.8, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                try PowderGroupRecoveryTests.site(first, .zero),
                try PowderGroupRecoveryTests.site(second, SIMD3(0.5, 0.5, 0.5)),
            ], tolerance: 1e-5)
    }

    /// What is said of a pattern of TlBr's when it is explained with other elements.
    private static func finding(_ first: String, _ second: String) throws -> (
        ElementAmounts.Finding, VerdictClause?
    ) {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(pair("Tl", "Br"), seed: 5)
        let recovery = PowderGroupRecoveryTests.recovery(instrument, seed: 5)
        let weights = PowderRecovery.weights(of: pattern)
        let result = try recovery.recover(pattern, weights: weights, starts: [pair(first, second)])
        let amounts = ElementAmounts()
        let finding = try #require(try amounts(result, pattern: pattern, weights: weights))
        return (finding, amounts.clause(of: finding))
    }

    @Test("of the elements that are there the pattern asks for the formula's amounts")
    func right() throws {
        let (finding, clause) = try Self.finding("Tl", "Br")
        #expect(clause == nil)
        #expect(finding.shares.values.allSatisfy { $0 > 0.95 })
    }

    @Test(
        "where cerium was said in place of thallium, more of it is asked for than the formula has: the clause says so"
    )
    func wrong() throws {
        let (finding, clause) = try Self.finding("Ce", "Br")
        #expect(clause?.name == "composition" && clause?.outcome == .unknown)
        #expect(finding.element.symbol == "Ce")
        #expect(finding.rwp < finding.formulaRwp)
    }

    @Test("of one element nothing can be said")
    func alone() throws {
        let copper = ReducedStructure(
            spaceGroup: try SpaceGroup.find("225"),
            lattice: Lattice(a: 3.615, b: 3.615, c: 3.615, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [try PowderGroupRecoveryTests.site("Cu", .zero)], tolerance: 1e-5)
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(copper, seed: 5)
        let recovery = PowderGroupRecoveryTests.recovery(instrument, seed: 5)
        let weights = PowderRecovery.weights(of: pattern)
        let result = try recovery.recover(pattern, weights: weights, starts: [copper])
        #expect(try ElementAmounts()(result, pattern: pattern, weights: weights) == nil)
    }
}
