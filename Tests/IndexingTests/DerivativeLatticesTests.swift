import Crystallography
import Indexing
import NumericalMethods
import Testing

@Suite("DerivativeLattices") struct DerivativeLatticesTests {
    private let primitive = Lattice(a: 4.1, b: 5.3, c: 7.7, alpha: 81, beta: 95, gamma: 103)

    @Test(
        "7 sublattices of index 2 and 13 of index 3, as σ(n) weighted sums say (Rutherford 1992), and as many superlattices"
    )
    func counts() {
        let volumes = DerivativeLattices().lattices(of: primitive).map { $0.volume / primitive.volume }
        func count(_ ratio: Double) -> Int { volumes.count { abs($0 - ratio) < 1e-9 } }
        #expect(count(1) == 1)
        #expect(count(2) == 7)
        #expect(count(0.5) == 7)
        #expect(count(3) == 13)
        #expect(count(1.0 / 3) == 13)
    }

    @Test("a sublattice's vectors are vectors of the lattice, a superlattice holds the lattice's")
    func containment() {
        for lattice in DerivativeLattices().lattices(of: primitive) {
            let rows = lattice.vectors * primitive.vectors.inverse
            let onto = lattice.volume > primitive.volume ? rows : rows.inverse
            for i in 0..<3 {
                for j in 0..<3 { #expect(abs(onto[i, j] - onto[i, j].rounded()) < 1e-9) }
            }
        }
    }

    @Test("the F lattice's primitive basis is seen as cF, a rhombohedral one at 60° as cF, at 61° as hR")
    func metricSymmetry() throws {
        let symmetry = MetricSymmetry(tolerance: 0.01)
        let face = Lattice(a: 4, b: 4, c: 4, alpha: 60, beta: 60, gamma: 60)
        let cubic = try #require(symmetry.conventional(face))
        #expect(cubic.lattice == .cF)
        #expect(abs(cubic.primitiveVolume - face.volume) < 1e-6)
        let flat = Lattice(a: 4, b: 4, c: 4, alpha: 61, beta: 61, gamma: 61)
        #expect(symmetry.conventional(flat)?.lattice == .hR)
        #expect(symmetry.conventional(primitive)?.lattice == .aP)
    }
}
