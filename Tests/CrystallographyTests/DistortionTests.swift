import Crystallography
import NumericalMethods
import Testing

@Suite("Distortion")
struct DistortionTests {
    @Test("entries of the strain are uniform in ±σ, coordinates move by a normal deviate of σ")
    func spread() throws {
        let silicon = try #require(Element(symbol: "Si"))
        let cell = CrystalStructure(
            lattice: Lattice(vectors: .identity),
            sites: (0..<50).map { _ in Site(silicon, at: SIMD3(repeating: 0.5)) })
        var (sum, square, largest, moves, fourth) = (0.0, 0.0, 0.0, 0.0, 0.0)
        let samples = 400
        for seed in 1...UInt64(samples) {
            let moved = Distortion(lattice: 0.1, coordinates: 0.02).applied(to: cell, seed: seed)
            // With unit vectors the rows are Sᵀ.
            for i in 0..<3 {
                for j in 0..<3 {
                    let entry = moved.lattice.vectors[i, j] - (i == j ? 1 : 0)
                    sum += entry
                    square += entry * entry
                    largest = max(largest, abs(entry))
                }
            }
            for site in moved.sites {
                for k in 0..<3 {
                    let d = (site.position[k] - 0.5) / 0.02
                    moves += d * d
                    fourth += d * d * d * d
                }
            }
        }
        let entries = Double(9 * samples)
        #expect(abs(sum / entries) < 0.005)
        #expect(abs(square / entries - 0.01 / 3) < 2e-4)
        #expect(largest <= 0.1)
        let coordinates = Double(150 * samples)
        #expect(abs(moves / coordinates - 1) < 0.03)
        #expect(abs(fourth / coordinates - 3) < 0.2)
    }

    @Test("the same seed gives the same structure; the levels do not mix their streams")
    func seeds() throws {
        let silicon = try #require(Element(symbol: "Si"))
        let cell = CrystalStructure(
            lattice: Lattice(a: 4, b: 5, c: 6, alpha: 90, beta: 90, gamma: 90),
            sites: [Site(silicon, at: .zero)])
        let both = Distortion(lattice: 0.1, coordinates: 0.1)
        #expect(both.applied(to: cell, seed: 3) == both.applied(to: cell, seed: 3))
        #expect(both.applied(to: cell, seed: 3) != both.applied(to: cell, seed: 4))
        #expect(
            both.applied(to: cell, seed: 3).lattice
                == Distortion(lattice: 0.1).applied(to: cell, seed: 3).lattice)
        #expect(
            both.applied(to: cell, seed: 3).sites
                == Distortion(coordinates: 0.1).applied(to: cell, seed: 3).sites)
    }
}
