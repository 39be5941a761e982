import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Refinement
import Symmetry
import Testing

@Suite("FreeIntensityEvidence") struct FreeIntensityEvidenceTests {
    /// ln of the evidence of a tetragonal lattice for a pattern of rutile with counting noise.
    private static func evidence(a: Double, c: Double, seed: UInt64) throws -> Double {
        let (_, pattern, instrument) = try PawleyFitTests.rutile(a: 4.594, c: 2.959)
        var random = RandomStream(seed: seed)
        let scale = 2000 / (pattern.intensity.max() ?? 1)
        let counts = pattern.intensity.map { random.poisson(mean: scale * $0 + 100) }
        let data = PawleyFit.Data(
            twoTheta: pattern.twoTheta, net: counts.map { $0 - 100 }, weights: counts.map { 1 / max($0, 1) },
            radiation: instrument.radiation)
        let group = try SpaceGroup.find("P 4/m m m")
        let lattice = LatticeParameters(
            of: Lattice(a: a, b: a, c: c, alpha: 90, beta: 90, gamma: 90), in: group)
        let list = ReflectionList(
            operations: group.operations, reciprocalMetric: lattice.lattice.reciprocalMetric, limit: 0.25)
        let fit = PawleyFit()(
            data, reflections: list.indices, lattice: lattice, profile: CellProfile(w: 0.012))
        let norm = zip(data.net, data.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        return FreeIntensityEvidence(observations: 500, presentShare: 0.5, leastMisfit: 1e-6)
            .logarithm(of: fit, norm: norm)
    }

    @Test(
        "a lattice with every line is likelier than one that lacks some, and than one with lines that nothing speaks for",
        arguments: [1, 2, 3] as [UInt64])
    func superlattices(seed: UInt64) throws {
        let right = try Self.evidence(a: 4.594, c: 2.959, seed: seed)
        #expect(right > (try Self.evidence(a: 4.594, c: 2 * 2.959, seed: seed)) + 5)
        #expect(right > (try Self.evidence(a: 2 * 4.594, c: 2.959, seed: seed)) + 5)
        #expect(right > (try Self.evidence(a: 4.594 / 2.0.squareRoot(), c: 2.959, seed: seed)) + 50)
    }
}
