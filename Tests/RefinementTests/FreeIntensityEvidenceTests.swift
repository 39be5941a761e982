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
        func square(_ values: [Double]) -> Double {
            zip(values, data.weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        }
        let metric = fit.lattice.lattice.reciprocalMetric
        let lines = zip(list.indices, fit.intensities).compactMap {
            index, intensity -> FreeIntensityEvidence.Line? in
            let q = ReflectionList.q(of: index, reciprocalMetric: metric)
            return fit.profile.column(q: q, radiation: data.radiation, grid: data.twoTheta).map { column in
                let precision = zip(column.values.indices, column.values).reduce(0) {
                    $0 + data.weights[column.start + $1.0] * $1.1 * $1.1
                }
                return FreeIntensityEvidence.Line(intensity: intensity, precision: precision, share: 0.5)
            }
        }
        return FreeIntensityEvidence(
            chiSquared: square(zip(data.net, fit.calculated).map { $0 - $1 }), norm: square(data.net),
            reflections: lines
        ).logarithm(observations: 500)
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

    @Test(
        "a reflection that nothing speaks for costs little, one that stands out what its intensity was not foreseen to be"
    )
    func cost() {
        func evidence(_ intensities: [Double]) -> Double {
            FreeIntensityEvidence(
                chiSquared: 100, norm: 5000,
                reflections: intensities.map {
                    FreeIntensityEvidence.Line(intensity: $0, precision: 1, share: 0.5)
                }
            ).logarithm(observations: 100)
        }
        let strong = [Double](repeating: 20, count: 10)
        let absent = evidence(strong + [0]) - evidence(strong)
        #expect(absent < -0.5 && absent > -log(2))
        // Of a standard uncertainty of 1 and a mean of 20: ½ · √2π/20 · e⁻¹.
        let present = evidence(strong + [20]) - evidence(strong)
        #expect(abs(present - log(0.5 * (2 * Double.pi).squareRoot() / 20) + 1) < 0.01)
    }
}
