import Crystallography
import NumericalMethods
import Testing

@Suite struct PeriodicGeometryTests {
    private func randomLattice(_ random: inout RandomStream) -> Lattice {
        while true {
            let rows = (0..<3).map { _ in 4 * SIMD3(random.normal(), random.normal(), random.normal()) }
            let lattice = Lattice(vectors: Matrix3(rows: rows[0], rows[1], rows[2]))
            let lengths = lattice.lengths
            if lattice.volume > 0.05 * lengths.x * lengths.y * lengths.z { return lattice }
        }
    }

    private func point(_ random: inout RandomStream) -> SIMD3<Double> {
        SIMD3(random.uniform(), random.uniform(), random.uniform())
    }

    @Test func theShortestVectorIsTheShortestOfAllImages() {
        var random = RandomStream(seed: 1)
        for _ in 0..<100 {
            let lattice = randomLattice(&random)
            let geometry = PeriodicGeometry(lattice)
            let (a, b) = (point(&random), point(&random))
            var shortest = Double.infinity
            for i in -8...8 {
                for j in -8...8 {
                    for k in -8...8 {
                        shortest = min(
                            shortest, lattice.length(b - a + SIMD3(Double(i), Double(j), Double(k))))
                    }
                }
            }
            #expect(abs(geometry.distance(a, b) - shortest) < 1e-10)
        }
    }

    @Test func distancesDoNotDependOnTheBasis() {
        var random = RandomStream(seed: 2)
        let shear = IntegerMatrix3(rows: SIMD3(1, 37, -22), SIMD3(0, 1, 45), SIMD3(0, 0, 1))
        for _ in 0..<50 {
            let lattice = randomLattice(&random)
            let sheared = Lattice(vectors: Matrix3(shear) * lattice.vectors)
            let change = Matrix3(shear.inverse ?? .identity).transpose
            let (a, b) = (point(&random), point(&random))
            let plain = PeriodicGeometry(lattice).distance(a, b)
            #expect(abs(PeriodicGeometry(sheared).distance(change * a, change * b) - plain) < 1e-7)
        }
    }

    @Test func neighboursAreAllImagesWithinTheCutoffAndSeenFromBothSides() {
        var random = RandomStream(seed: 3)
        for _ in 0..<20 {
            let lattice = randomLattice(&random)
            let points = (0..<4).map { _ in point(&random) }
            let cutoff = 6.0
            let lists = PeriodicGeometry(lattice).neighbours(of: points, within: cutoff)
            for (i, list) in lists.enumerated() {
                for n in list {
                    let vector = points[n.index] + SIMD3<Double>(n.cell) - points[i]
                    #expect(abs(lattice.length(vector) - n.distance) < 1e-9)
                    #expect(
                        lists[n.index].contains {
                            $0.index == i && $0.cell == SIMD3<Int>.zero &- n.cell
                        })
                }
                var count = 0
                for j in points.indices {
                    for a in -9...9 {
                        for b in -9...9 {
                            for c in -9...9 where i != j || a != 0 || b != 0 || c != 0 {
                                let cell = SIMD3(Double(a), Double(b), Double(c))
                                if lattice.length(points[j] + cell - points[i]) <= cutoff { count += 1 }
                            }
                        }
                    }
                }
                #expect(list.count >= count)
                let outside = list.contains { max(abs($0.cell.x), abs($0.cell.y), abs($0.cell.z)) > 9 }
                if !outside { #expect(list.count == count) }
            }
        }
    }

    @Test func theClosestPairIsTheLeastOfAllDistances() throws {
        var random = RandomStream(seed: 4)
        let lattice = randomLattice(&random)
        let geometry = PeriodicGeometry(lattice)
        let points = (0..<12).map { _ in point(&random) }
        let pair = try #require(geometry.closestPair(points))
        let all = points.indices.flatMap { i in points.indices.filter { $0 > i }.map { (i, $0) } }
        let least = all.map { geometry.distance(points[$0.0], points[$0.1]) }.min()
        #expect(pair.distance == least)
        #expect(geometry.closestPair([.zero]) == nil)
    }
}
