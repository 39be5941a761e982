import Crystallography
import Diffraction
import Parameterization
import Recovery
import Symmetry
import Testing

/// A structure that was found in too high a group leads to the subgroup that fits decisively better (FePO4 of quartz's type, found in
/// P6₄22, is P3₁21). Reaches `SymmetryDecision` and `PowderRecovery.lowered`.
@Suite("Lowered group") struct LoweredGroupTests {
    /// Rutile's group takes the mean of the two coordinates of an oxygen of CaCl2's type, on axes that are alike.
    private static func found(_ structure: ReducedStructure) throws -> (
        PowderRecovery, PowderPattern, PowderRecovery.Result
    ) {
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(structure, seed: 3)
        let recovery = PowderGroupRecoveryTests.recovery(instrument, seed: 3)
        let weights = PowderRecovery.weights(of: pattern)
        let high = try recovery.recover(
            pattern, weights: weights, start: try PowderGroupRecoveryTests.rutile().expanded(),
            in: [try SpaceGroup.find("136")])
        return (
            recovery, pattern,
            try recovery.decided(high, pattern: pattern, weights: weights, isGroupAsked: false)
        )
    }

    @Test("the subgroup that fits decisively better is named, and the structure is found in it")
    func distorted() throws {
        let distorted = ReducedStructure(
            spaceGroup: try SpaceGroup.find("58"),
            lattice: Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                try PowderGroupRecoveryTests.site("Ti", .zero),
                try PowderGroupRecoveryTests.site("O", SIMD3(0.36, 0.25, 0)),
            ], tolerance: 1e-5)
        let (recovery, pattern, high) = try Self.found(distorted)
        let weights = PowderRecovery.weights(of: pattern)
        #expect(high.structure.spaceGroup.number == 136)
        #expect(high.groupClause?.outcome == .unknown)
        #expect(high.lowered?.spaceGroup.number == 58)
        let lower = try #require(try recovery.lowered(high, pattern: pattern, weights: weights))
        #expect(lower.structure.spaceGroup.number == 58 && lower.statistics.gof < 1.2)
        #expect(lower.statistics.rwp < 0.9 * high.statistics.rwp)
        #expect(lower.alternatives.contains { $0.structure.spaceGroup.number == 136 })
        // There it ends.
        let end = try recovery.decided(lower, pattern: pattern, weights: weights, isGroupAsked: false)
        #expect(end.structure.spaceGroup.number == 58 && end.lowered == nil)
    }

    @Test("a structure of the group is led nowhere")
    func own() throws {
        let (recovery, pattern, result) = try Self.found(try PowderGroupRecoveryTests.rutile())
        #expect(result.lowered == nil && result.groupClause?.outcome == .holds)
        let lower = try recovery.lowered(
            result, pattern: pattern, weights: PowderRecovery.weights(of: pattern))
        #expect(lower == nil)
    }
}
