import Crystallography
import Diffraction
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// `reflections(of:_:to:)` of several groups: CommonReflections.
@Suite("CommonReflections") struct CommonReflectionsTests {
    @Test(
        "of several groups reflections stand for one another only where they do in each, and none of the lattice is missing",
        arguments: CrystalFamily.allCases)
    func families(family: CrystalFamily) throws {
        let rutile = try PowderGroupRecoveryTests.rutile()
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 1)
        let evidence = try MeasuredPattern(
            pattern, weights: PowderRecovery.weights(of: pattern), instrument: instrument,
            scatteringTable: .pymatgen, dispersion: false, settings: RecoverySettings(), atLeast: 0)
        let primitive = family.spaceGroups.filter { $0.centring.vectors.count == 1 }
        let lattice = LatticeParameters(
            of: Lattice(a: 4.1, b: 4.1, c: 4.1, alpha: 90, beta: 90, gamma: 90), in: primitive[0]
        ).lattice
        let common = try #require(evidence.reflections(of: primitive, lattice, to: 70))
        // Friedel's pairs together, every reflection of the lattice once.
        let all = evidence.reflections(of: try SpaceGroup.find("P -1"), lattice, to: 70)
        #expect(common.multiplicities.reduce(0, +) == all.multiplicities.reduce(0, +))
        for group in primitive {
            let own = Set(group.operations.map(\.rotation))
            for (index, multiplicity) in zip(common.indices, common.multiplicities) {
                let images: [SIMD3<Int>] = own.map { index * $0 }
                let opposite = images.map { SIMD3<Int>(repeating: 0) &- $0 }
                let equivalents = Set(images + opposite)
                #expect(equivalents.count >= multiplicity, "\(group.symbol) \(index)")
            }
        }
    }

    @Test("one group has its own reflections, without those that it forbids")
    func alone() throws {
        let rutile = try PowderGroupRecoveryTests.rutile()
        let (pattern, instrument) = try PowderGroupRecoveryTests.counts(rutile, seed: 1)
        let evidence = try MeasuredPattern(
            pattern, weights: PowderRecovery.weights(of: pattern), instrument: instrument,
            scatteringTable: .pymatgen, dispersion: false, settings: RecoverySettings(), atLeast: 0)
        let own = evidence.reflections(of: rutile.spaceGroup, rutile.lattice, to: 70)
        #expect(evidence.reflections(of: [rutile.spaceGroup], rutile.lattice, to: 70) == own)
        #expect(evidence.reflections(of: [], rutile.lattice, to: 70) == nil)
    }
}
