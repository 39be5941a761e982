import Crystallography
import Foundation
import Indexing
import NumericalMethods
import Testing

@Suite("MetricPrior and TranslationPrior") struct MetricPriorTests {
    private static let wavelength = 1.5406

    private static func lines(_ g: Matrix3, allows: (Int, Int, Int) -> Bool, count: Int) -> [IndexingLine] {
        var values: Set<Double> = []
        for h in 0...8 {
            for k in 0...8 {
                for l in 0...8 where h + k + l > 0 && allows(h, k, l) {
                    let index = SIMD3(Double(h), Double(k), Double(l))
                    values.insert(((index * (g * index)).sum() * 1e9).rounded() / 1e9)
                }
            }
        }
        return values.sorted().prefix(count).map { q in
            IndexingLine(
                twoTheta: 2 * asin(q.squareRoot() * wavelength / 2) * 180 / .pi, sigma: 0.02,
                wavelength: wavelength)
        }
    }

    @Test(
        "a symmetry that the lines do not need to break is likelier by what its free parameters were not foreseen to be"
    )
    func occam() throws {
        let cell = Lattice(a: 9.4, b: 9.4, c: 9.4, alpha: 90, beta: 90, gamma: 90)
        let lines = Self.lines(cell.reciprocalMetric, allows: { ($0 + $1 + $2) % 2 == 0 }, count: 15)
        let evaluation = LatticeEvaluation(lines, IndexingSettings())
        let scores = try [BravaisLattice.cI, .tI, .oI].map { type -> Double in
            let trial = try #require(TrialLattice(type, cell: cell))
            return try #require(evaluation.scored(trial)).score
        }
        // 0.02° at 40° are 1e-3 of a*², of which a range of e^5.4 was possible: 5 to 12 for each parameter.
        #expect(scores[0] - scores[1] > 5 && scores[0] - scores[1] < 12)
        #expect(scores[1] - scores[2] > 3)
    }

    @Test("no translation is shorter than two atoms are; short ones cost, the usual ones nothing")
    func translations() {
        let settings = IndexingSettings()
        #expect(settings.translationPrior(1.6, radius: nil) == settings.impossibleVolume)
        #expect(settings.translationPrior(2.5, radius: nil) < settings.translationPrior(2.9, radius: nil))
        #expect(settings.translationPrior(4, radius: nil) == 0)
        // Caesium's covalent radius: 2.44 Å.
        #expect(settings.translationPrior(2.8, radius: 2.44) == settings.impossibleVolume)
        #expect(settings.translationPrior(3.5, radius: 2.44) < -4)
        #expect(settings.translationPrior(2.26, radius: 0.96) == 0)
    }
}
