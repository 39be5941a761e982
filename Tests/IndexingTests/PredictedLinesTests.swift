import Crystallography
import Indexing
import NumericalMethods
import Testing

@Suite("Predicted lines") struct PredictedLinesTests {
    /// One vector of parameters for each type.
    private static func metric(_ lattice: BravaisLattice) -> ReciprocalMetric {
        let all = [0.021, 0.034, 0.027, 0.004, 0.006, 0.005]
        let form = MetricForm(lattice)
        switch form {
        case .monoclinic: return form.metric([0.021, 0.034, 0.027, 0.006])
        default: return form.metric(Array(all.prefix(form.count)))
        }
    }

    @Test("the asymmetric unit of a holohedry holds every line once", arguments: BravaisLattice.allCases)
    func bruteForce(lattice: BravaisLattice) throws {
        let metric = Self.metric(lattice)
        let predicted = try #require(PredictedLines(lattice, metric, upTo: 0.6, most: 10_000))
        var all: Set<Int> = []
        for h in -9...9 {
            for k in -9...9 {
                for l in -9...9 where lattice.allows(h, k, l) {
                    let q = metric.q(h, k, l)
                    if q > 0, q <= 0.6 { all.insert(Int((q * 1e9).rounded())) }
                }
            }
        }
        let found = Set(predicted.q.map { Int(($0 * 1e9).rounded()) })
        #expect(found == all)
    }

    @Test("Q of a form is its row times its parameters", arguments: BravaisLattice.allCases)
    func rows(lattice: BravaisLattice) {
        let form = MetricForm(lattice)
        let parameters = (0..<form.count).map { 0.02 + 0.003 * Double($0) }
        let metric = form.metric(parameters)
        for index in [SIMD3(1, 2, 3), SIMD3(2, -1, 1), SIMD3(0, 3, -2)] {
            let row = form.row(index.x, index.y, index.z)
            let sum = zip(row, parameters).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(metric.q(index.x, index.y, index.z) - sum) < 1e-12)
        }
    }

    @Test("a metric's lattice has its Q and its volume", arguments: BravaisLattice.allCases)
    func lattices(lattice: BravaisLattice) {
        let metric = Self.metric(lattice)
        let cell = metric.lattice
        #expect(abs(cell.volume / metric.volume - 1) < 1e-9)
        let index = SIMD3(1.0, 2.0, -1.0)
        let q = (index * (cell.reciprocalMetric * index)).sum()
        #expect(abs(q - metric.q(1, 2, -1)) < 1e-9)
    }
}
