import Crystallography
import Recovery
import Symmetry
import Parameterization
import Testing

@Suite struct CommonBondScaleTests {
    /// Quartz, or with its oxygen moved.
    private func quartz(_ oxygen: SIMD3<Double>) throws -> CrystalStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find("P 32 2 1"),
            lattice: Lattice(a: 4.9134, b: 4.9134, c: 5.4052, alpha: 90, beta: 90, gamma: 120),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Si")), at: SIMD3(0.4699, 0, 2.0 / 3)),
                Site(try #require(Element(symbol: "O")), at: oxygen),
            ]
        ).expanded()
    }

    @Test(
        "quartz's bonds are worth its charges but for a common factor; an oxygen 0.6 Å away is not excused by any"
    )
    func silica() throws {
        let right = try quartz(SIMD3(0.4141, 0.2681, 0.7854))
        let sums = try #require(BondValenceSums(right))
        #expect(sums.instability > ProofLimits().instability)
        let scale = CommonBondScale(sums, of: right)
        #expect(scale.instability < 0.3 && scale.factor < 1)
        let wrong = try quartz(SIMD3(0.5241, 0.2181, 0.7054))
        let others = try #require(BondValenceSums(wrong))
        #expect(CommonBondScale(others, of: wrong).instability > ProofLimits().instability)
    }
}
