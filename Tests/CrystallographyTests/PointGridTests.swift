import Crystallography
import NumericalMethods
import Testing

@Suite("Points in boxes") struct PointGridTests {
    private static func lattice(_ random: inout RandomStream) -> Lattice {
        Lattice(
            a: random.uniform(3, 20), b: random.uniform(3, 20), c: random.uniform(3, 20),
            alpha: random.uniform(75, 105), beta: random.uniform(75, 105), gamma: random.uniform(75, 105))
    }

    /// Over all images within two cells, by trying them.
    private static func shortest(_ v: SIMD3<Double>, _ lattice: Lattice) -> Double {
        var least = Double.infinity
        for i in -2...2 {
            for j in -2...2 {
                for k in -2...2 {
                    let shift = SIMD3(Double(i), Double(j), Double(k))
                    least = min(least, lattice.length(v.nearestImage + shift))
                }
            }
        }
        return least
    }

    @Test("whatever stands within the radius is called for, each point once")
    func bruteForce() {
        var random = RandomStream(seed: 17)
        for count in [1, 5, 40, 300] {
            let lattice = Self.lattice(&random)
            let points = (0..<count).map { _ in
                SIMD3(random.uniform(-1, 2), random.uniform(-1, 2), random.uniform(-1, 2))
            }
            let grid = PointGrid(points, lattice)
            for radius in [0.01, 0.5, 2, 6] {
                let place = SIMD3(random.uniform(-1, 2), random.uniform(), random.uniform())
                var called: [Int] = []
                grid.forEach(near: place, within: radius) { called.append($0) }
                #expect(Set(called).count == called.count)
                for (index, point) in points.enumerated()
                where Self.shortest(point - place, lattice) < radius {
                    #expect(called.contains(index), "\(count) points, \(radius) Å")
                }
            }
        }
    }

    @Test("shortest vectors of a reduced basis are those of all images")
    func periodicMetric() {
        var random = RandomStream(seed: 23)
        for _ in 0..<60 {
            let reduced = LatticeReduction(Self.lattice(&random)).lattice
            let metric = PeriodicMetric(reduced)
            let v = SIMD3(random.uniform(-3, 3), random.uniform(-3, 3), random.uniform(-3, 3))
            #expect(abs(metric.shortest(v).length - Self.shortest(v, reduced)) < 1e-9)
        }
    }

    @Test("sites that coincide with an earlier one of the same atoms are left out, across the walls too")
    func distinct() throws {
        let copper = try #require(Element(symbol: "Cu"))
        let gold = try #require(Element(symbol: "Au"))
        let lattice = Lattice(a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90)
        let sites = [
            Site(copper, at: .zero), Site(copper, at: SIMD3(0.999_99, 1, 0)), Site(gold, at: .zero),
            Site(copper, at: SIMD3(0.5, 0, 0)), Site(copper, at: SIMD3(0.501, 0, 0)),
        ]
        #expect(sites.distinct(in: lattice, within: 0.001).count == 4)
        #expect(sites.distinct(in: lattice, within: 0.01).count == 3)
    }
}
