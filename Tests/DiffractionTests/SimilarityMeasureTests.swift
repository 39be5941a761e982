import Diffraction
import Foundation
import NumericalMethods
import Testing

@Suite("Similarity measures") struct SimilarityMeasureTests {
    /// Not equidistant.
    static let grid: [Double] = (0..<60).map { (i: Int) -> Double in
        let jitter = Double(i * i % 7)
        return 10 + 0.1 * Double(i) + 0.002 * jitter
    }

    static func pattern(seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed)
        return grid.map { _ in exp(random.normal()) }
    }

    @Test("have the difference quotients as gradients", arguments: SimilarityMeasure.all)
    func gradient(measure: SimilarityMeasure) {
        let x = Self.pattern(seed: 1)
        let weights = Self.pattern(seed: 3)
        let prepared = measure.prepared(target: Self.pattern(seed: 2), twoTheta: Self.grid, weights: weights)
        let gradient = prepared.valueAndGradient(x).gradient
        for i in x.indices {
            let difference = Differences.best(
                { value in
                    var moved = x
                    moved[i] = value
                    return prepared.value(moved)
                }, at: x[i], scale: 0.3 * x[i], expected: gradient[i])
            let bound: Double = 1e-6 * max(abs(gradient[i]), 1e-3 * abs(prepared.value(x)))
            let deviation: Double = abs(difference - gradient[i])
            #expect(deviation <= bound, "\(measure.name) \(i): \(gradient[i]) against \(difference)")
        }
    }

    @Test("are best for the pattern itself", arguments: SimilarityMeasure.all)
    func identity(measure: SimilarityMeasure) {
        let x = Self.pattern(seed: 4)
        let value = measure.prepared(target: x, twoTheta: Self.grid).value(x)
        #expect(abs(value - (measure.isSimilarity ? 1 : 0)) < 1e-7, "\(measure.name) \(value)")
    }

    @Test("forget the scale, except mean square error and Rwp", arguments: SimilarityMeasure.all)
    func scale(measure: SimilarityMeasure) {
        let prepared = measure.prepared(target: Self.pattern(seed: 5), twoTheta: Self.grid)
        let x = Self.pattern(seed: 6)
        let values = [prepared.value(x), prepared.value(x.map { 3 * $0 })]
        let dependsOnScale = measure == .meanSquaredError || measure == .weightedProfileR
        #expect((abs(values[0] - values[1]) > 1e-9) == dependsOnScale, "\(measure.name) \(values)")
    }

    @Test("Wasserstein's distance of two shifted peaks is the shift")
    func wasserstein() {
        let grid = (0..<100).map { 0.1 * Double($0) }
        var (x, y) = ([Double](repeating: 0, count: 100), [Double](repeating: 0, count: 100))
        x[20] = 3
        y[55] = 7
        let value = SimilarityMeasure.wasserstein.prepared(target: y, twoTheta: grid).value(x)
        #expect(abs(value - 3.5) < 1e-9)
    }

    @Test("the cross-correlation is the double sum of its definition")
    func crossCorrelation() {
        let (x, y) = (Self.pattern(seed: 7), Self.pattern(seed: 8))
        let l = 0.6
        func c(_ a: [Double], _ b: [Double]) -> Double {
            var sum = 0.0
            for i in a.indices {
                for j in b.indices { sum += a[i] * b[j] * max(0, 1 - abs(Self.grid[i] - Self.grid[j]) / l) }
            }
            return sum
        }
        let expected = c(x, y) / (c(x, x) * c(y, y)).squareRoot()
        let value = SimilarityMeasure.crossCorrelation(halfWidth: l).prepared(target: y, twoTheta: Self.grid)
            .value(x)
        #expect(abs(value - expected) < 1e-12)
    }
}
