import Crystallography
import Matching
import NumericalMethods
import Testing

@Suite struct LatticeReductionTests {
    @Test func reducedVectorsSpanTheSameLatticeAndAreShortest() throws {
        var stream = RandomStream(seed: 1)
        for _ in 0..<300 {
            let rows = (0..<3).map { _ in SIMD3(stream.normal(), stream.normal(), stream.normal()) }
            let start = Lattice(vectors: Matrix3(rows: rows[0], rows[1], rows[2]))
            guard start.volume > 1e-2 else { continue }
            let shear = IntegerMatrix3(rows: SIMD3(1, 3, -2), SIMD3(0, 1, 5), SIMD3(0, 0, 1))
            let sheared = Lattice(vectors: Matrix3(shear) * start.vectors)
            let reduction = LatticeReduction(sheared)
            #expect(abs(reduction.transformation.determinant) == 1)
            let again = Matrix3(reduction.transformation) * sheared.vectors
            #expect((again - reduction.lattice.vectors).frobeniusNorm < 1e-9)
            // Minkowski: |c| ≤ |c + i a + j b|, |b| ≤ |b + i a|.
            let v = reduction.lattice.vectors
            for i in -2...2 {
                #expect(v[1].length <= (v[1] + Double(i) * v[0]).length + 1e-9)
                for j in -2...2 {
                    #expect(v[2].length <= (v[2] + Double(i) * v[0] + Double(j) * v[1]).length + 1e-9)
                }
            }
        }
    }
}

@Suite struct PrimitiveCellTests {
    @Test func everyCentringIsFound() {
        let lattice = Lattice(a: 5, b: 6, c: 7, alpha: 90, beta: 100, gamma: 90)
        let centrings: [[SIMD3<Double>]] = [
            [SIMD3(0.5, 0.5, 0)], [SIMD3(0.5, 0.5, 0.5)],
            [SIMD3(0.5, 0.5, 0), SIMD3(0.5, 0, 0.5), SIMD3(0, 0.5, 0.5)],
            [SIMD3(2.0 / 3, 1.0 / 3, 1.0 / 3), SIMD3(1.0 / 3, 2.0 / 3, 2.0 / 3)],
        ]
        for centring in centrings {
            var atoms: [(String, Double, Double, Double)] = []
            for shift in [.zero] + centring {
                atoms.append(("Na", 0.1 + shift.x, 0.2 + shift.y, 0.3 + shift.z))
                atoms.append(("Cl", 0.42 + shift.x, 0.77 + shift.y, 0.13 + shift.z))
            }
            let primitive = CrystalStructure.make(lattice, atoms).primitive()
            #expect(primitive.sites.count == 2)
            #expect(abs(primitive.lattice.volume * Double(centring.count + 1) / lattice.volume - 1) < 1e-12)
        }
    }

    @Test func supercellsComeBackToTheStructure() throws {
        for pair in MatchedPair.all.prefix(60) where pair.kind == "perturbed" {
            let s = pair.first.primitive()
            var big = CrystalStructure(
                lattice: Lattice(
                    vectors: Matrix3(
                        rows: 2 * s.lattice.vectors[0], s.lattice.vectors[1] + s.lattice.vectors[0],
                        3 * s.lattice.vectors[2])), sites: [])
            for i in 0..<2 {
                for k in 0..<3 {
                    for site in s.sites {
                        var copy = site
                        let r = s.lattice.cartesian(site.position + SIMD3(Double(i), 0, Double(k)))
                        copy.position = big.lattice.fractional(r)
                        big.sites.append(copy)
                    }
                }
            }
            #expect(big.primitive().sites.count == s.sites.count, "pair \(pair.number)")
            #expect(try #require(StructureMatch.find(big, s)).normalizedRMS < 1e-6)
        }
    }

    @Test func aPrimitiveCellStaysAsItIs() {
        #expect(StructureMatchTests.rutile.primitive().sites.count == 6)
    }
}
