import Crystallography
import Foundation
import NumericalMethods
import Recovery
import Testing

/// Law: independent points scatter by their variances, however crowded lines stand; what was smoothed or resampled scatters less.
@Suite struct PointScatterTests {
    /// Lines of six steps' width, one every four widths or nearer.
    private func counts(lines: Int, seed: UInt64) -> (means: [Double], counts: [Double]) {
        var random = RandomStream(seed: seed)
        let centres = (0..<lines).map { _ in (4000 * random.uniform(), 3000 * random.uniform()) }
        let means = (0..<4000).map { i in
            centres.reduce(150.0) { $0 + $1.1 * exp(-pow((Double(i) - $1.0) / 2.55, 2) / 2) }
        }
        return (means, means.map { ($0 + $0.squareRoot() * random.normal()).rounded() })
    }

    @Test(arguments: [0, 160, 640])
    func countsScatterAsTheySay(lines: Int) throws {
        let (_, counts) = counts(lines: lines, seed: 3)
        let ratio = try #require(PointScatter(counts, variance: counts.map { max($0, 1) }, fewest: 50).ratio)
        #expect(abs(ratio - 1) < 0.07)
    }

    @Test(arguments: [[0.5, 0.5], [0.25, 0.5, 0.25], [0.2, 0.2, 0.2, 0.2, 0.2]])
    func whatWasSmoothedScattersLess(weights: [Double]) throws {
        let (_, counts) = counts(lines: 160, seed: 4)
        let smooth = (0...(counts.count - weights.count)).map { i in
            weights.enumerated().reduce(0) { $0 + $1.element * counts[i + $1.offset] }
        }
        let ratio = try #require(PointScatter(smooth, variance: smooth, fewest: 50).ratio)
        #expect(ratio < 0.6)
    }

    @Test func tooFewPointsSayNothing() {
        #expect(PointScatter([1, 2, 3], variance: [1, 1, 1], fewest: 1).ratio == nil)
        #expect(
            PointScatter((0..<30).map(Double.init), variance: .init(repeating: 1, count: 30), fewest: 50)
                .ratio == nil)
    }
}
