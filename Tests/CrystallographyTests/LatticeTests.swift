import Crystallography
import Foundation
import NumericalMethods
import Testing

@Suite("Lattice")
struct LatticeTests {
    static func random(_ seed: UInt64) -> Lattice {
        var random = RandomStream(seed: seed)
        return Lattice(
            a: random.uniform(3, 12), b: random.uniform(3, 12), c: random.uniform(3, 12),
            alpha: random.uniform(70, 110), beta: random.uniform(70, 110), gamma: random.uniform(70, 110))
    }

    @Test("parameters → vectors → parameters is the identity")
    func parameters() {
        let lattice = Lattice(a: 5.1, b: 6.2, c: 7.3, alpha: 81, beta: 95, gamma: 103)
        let (lengths, angles) = (lattice.lengths, lattice.angles)
        #expect((lengths - SIMD3(5.1, 6.2, 7.3)).length < 1e-12)
        #expect((angles - SIMD3(81, 95, 103)).length < 1e-10)
    }

    @Test("V = abc √(1 − cos²α − cos²β − cos²γ + 2 cosα cosβ cosγ) = √det G")
    func volume() {
        for seed in UInt64(1)...50 {
            let lattice = Self.random(seed)
            let c = [lattice.angles.x, lattice.angles.y, lattice.angles.z].map { cos($0 * .pi / 180) }
            let root = (1 - c[0] * c[0] - c[1] * c[1] - c[2] * c[2] + 2 * c[0] * c[1] * c[2]).squareRoot()
            let product = lattice.lengths.x * lattice.lengths.y * lattice.lengths.z
            #expect(abs(lattice.volume - product * root) < 1e-9 * lattice.volume)
            #expect(abs(lattice.volume - lattice.metric.determinant.squareRoot()) < 1e-9 * lattice.volume)
        }
    }

    @Test("aᵢ·a*ⱼ = δᵢⱼ, G* = G⁻¹, the reciprocal of the reciprocal is the lattice")
    func reciprocal() {
        for seed in UInt64(1)...50 {
            let lattice = Self.random(seed)
            let product = lattice.vectors * lattice.reciprocal.vectors.transpose
            #expect((product - .identity).frobeniusNorm < 1e-12)
            #expect((lattice.metric * lattice.reciprocalMetric - .identity).frobeniusNorm < 1e-11)
            #expect((lattice.reciprocal.reciprocal.vectors - lattice.vectors).frobeniusNorm < 1e-10)
        }
    }

    @Test("d of hkl by the textbook formulas: orthorhombic, hexagonal")
    func spacings() {
        let h = SIMD3<Double>(2, 1, 3)
        let orthorhombic = Lattice(a: 8.482, b: 5.398, c: 6.959, alpha: 90, beta: 90, gamma: 90)
        let q = 4 / (8.482 * 8.482) + 1 / (5.398 * 5.398) + 9 / (6.959 * 6.959)
        #expect(abs(h.dot(orthorhombic.reciprocalMetric * h) - q) < 1e-12)
        let hexagonal = Lattice(a: 9.37, b: 9.37, c: 6.88, alpha: 90, beta: 90, gamma: 120)
        let q6 = 4.0 / 3 * (4 + 2 + 1) / (9.37 * 9.37) + 9 / (6.88 * 6.88)
        #expect(abs(h.dot(hexagonal.reciprocalMetric * h) - q6) < 1e-12)
    }

    @Test("fractional and Cartesian coordinates are inverse, lengths agree with the metric")
    func coordinates() {
        for seed in UInt64(1)...50 {
            let lattice = Self.random(seed)
            var random = RandomStream(seed: seed, index: 1)
            let f = SIMD3(random.uniform(), random.uniform(), random.uniform())
            #expect((lattice.fractional(lattice.cartesian(f)) - f).length < 1e-12)
            #expect(abs(lattice.length(f) - f.dot(lattice.metric * f).squareRoot()) < 1e-12 * 20)
        }
    }

    @Test("impossible cells are refused")
    func impossible() {
        #expect(!Lattice.isPossible(a: 5, b: 5, c: 5, alpha: 30, beta: 30, gamma: 90))
        #expect(!Lattice.isPossible(a: 0, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90))
        #expect(!Lattice.isPossible(a: .nan, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90))
        #expect(Lattice.isPossible(a: 5, b: 5, c: 5, alpha: 60, beta: 60, gamma: 60))
    }
}
