import Diffraction
import Foundation
import NumericalMethods
import Testing

/// Each measure against its formula as the paper prints it, summed without any of the shortcuts.
@Suite("Similarities by their formulas") struct SimilarityFormulaTests {
    private static let twoTheta: [Double] = (0..<80).map { k in
        let x = Double(k)
        return 10 + 0.05 * x + 0.0003 * x * x
    }

    /// Two patterns of positive numbers, some of them zero.
    private static func pair(_ seed: UInt64) -> (x: [Double], y: [Double]) {
        var random = RandomStream(seed: seed)
        func one() -> [Double] {
            twoTheta.map { _ in random.uniform() < 0.2 ? 0 : 100 * random.uniform() * random.uniform() }
        }
        return (one(), one())
    }

    private static func sum(_ values: [Double]) -> Double { values.reduce(0, +) }
    private static func dot(_ a: [Double], _ b: [Double]) -> Double { sum(zip(a, b).map { $0 * $1 }) }
    private static func shares(_ a: [Double]) -> [Double] { a.map { $0 / sum(a) } }

    @Test(
        "CosineSimilarity, PearsonCorrelation, MeanSquaredError, WeightedProfileR",
        arguments: 1...8 as ClosedRange<UInt64>)
    func products(seed: UInt64) {
        let (x, y) = Self.pair(seed)
        func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-10 * max(1, abs(b)) }
        let cosine = Self.dot(x, y) / (Self.dot(x, x) * Self.dot(y, y)).squareRoot()
        #expect(close(CosineSimilarity(target: y).evaluate(x, gradient: nil), cosine))
        let n = Double(x.count)
        let (a, b) = (x.map { $0 - Self.sum(x) / n }, y.map { $0 - Self.sum(y) / n })
        let pearson = Self.dot(a, b) / (Self.dot(a, a) * Self.dot(b, b)).squareRoot()
        #expect(close(PearsonCorrelation(target: y).evaluate(x, gradient: nil), pearson))
        let differences = zip(x, y).map { $0 - $1 }
        let squared = Self.dot(differences, differences)
        #expect(close(MeanSquaredError(target: y).evaluate(x, gradient: nil), squared / n))
        let weights = y.map { 1 / max($0, 1) }
        let misfit = Self.sum(zip(weights, differences).map { $0 * $1 * $1 })
        let whole = Self.sum(zip(weights, y).map { $0 * $1 * $1 })
        let rwp = (misfit / whole).squareRoot()
        #expect(close(WeightedProfileR(target: y, weights: weights).evaluate(x, gradient: nil), rwp))
    }

    @Test("SpectralEntropySimilarity, JensenShannonDistance", arguments: 1...8 as ClosedRange<UInt64>)
    func entropies(seed: UInt64) {
        let (x, y) = Self.pair(seed)
        func entropy(_ p: [Double]) -> Double { -Self.sum(p.filter { $0 > 0 }.map { $0 * log($0) }) }
        let (p, q) = (Self.shares(x), Self.shares(y))
        let mixture = zip(p, q).map { ($0 + $1) / 2 }
        let excess = entropy(mixture) - (entropy(p) + entropy(q)) / 2
        let similarity = SpectralEntropySimilarity(target: y).evaluate(x, gradient: nil)
        #expect(abs(similarity - (1 - 2 * excess / log(4))) < 1e-10)
        let distance = JensenShannonDistance(target: y).evaluate(x, gradient: nil)
        #expect(abs(distance - (excess / log(2)).squareRoot()) < 1e-9)
    }

    @Test("WassersteinDistance, SquaredCDFDistance: between two lines they are the way from one to the other")
    func lines() {
        let grid = Self.twoTheta
        for (i, j) in [(0, 1), (3, 40), (70, 12), (5, 5)] {
            var (x, y) = (grid.map { _ in 0.0 }, grid.map { _ in 0.0 })
            (x[i], y[j]) = (7, 0.2)
            let way = abs(grid[i] - grid[j])
            let carried = WassersteinDistance(target: y, twoTheta: grid).evaluate(x, gradient: nil)
            let squared = SquaredCDFDistance(target: y, twoTheta: grid).evaluate(x, gradient: nil)
            #expect(abs(carried - way) < 1e-12 && abs(squared - way) < 1e-12)
        }
    }

    @Test(
        "WassersteinDistance, SquaredCDFDistance: of any patterns, what the cumulative sums say",
        arguments: 1...8 as ClosedRange<UInt64>)
    func cumulative(seed: UInt64) {
        let (x, y) = Self.pair(seed)
        let (p, q) = (Self.shares(x), Self.shares(y))
        var (f, carried, squared) = (0.0, 0.0, 0.0)
        for i in 0..<(x.count - 1) {
            f += p[i] - q[i]
            let step = Self.twoTheta[i + 1] - Self.twoTheta[i]
            carried += abs(f) * step
            squared += f * f * step
        }
        let grid = Self.twoTheta
        #expect(
            abs(WassersteinDistance(target: y, twoTheta: grid).evaluate(x, gradient: nil) - carried) < 1e-10)
        #expect(
            abs(SquaredCDFDistance(target: y, twoTheta: grid).evaluate(x, gradient: nil) - squared) < 1e-10)
    }

    @Test("TriangleCrossCorrelation: the double sum over all pairs of points", arguments: [0.1, 0.6, 3])
    func triangle(halfWidth: Double) {
        let (x, y) = Self.pair(5)
        let grid = Self.twoTheta
        func correlation(_ a: [Double], _ b: [Double]) -> Double {
            var total = 0.0
            for i in a.indices {
                for j in b.indices {
                    total += a[i] * max(0, 1 - abs(grid[i] - grid[j]) / halfWidth) * b[j]
                }
            }
            return total
        }
        let wanted = correlation(x, y) / (correlation(x, x) * correlation(y, y)).squareRoot()
        let kernel = TriangleCrossCorrelation(target: y, twoTheta: grid, halfWidth: halfWidth)
        #expect(abs(kernel.evaluate(x, gradient: nil) - wanted) < 1e-10)
    }

    @Test("PreparedSimilarity: a pattern is most like itself, by every measure")
    func itself() {
        let (x, y) = Self.pair(6)
        for measure in SimilarityMeasure.all {
            let prepared: PreparedSimilarity = measure.prepared(target: y, twoTheta: Self.twoTheta)
            let (own, other) = (prepared.value(y), prepared.value(x))
            #expect(measure.isSimilarity ? own > other : own < other, "\(measure.name)")
            #expect(abs(own - (measure.isSimilarity ? 1 : 0)) < 1e-7, "\(measure.name)")
        }
    }
}
