import NumericalMethods
import Testing

@Suite struct NonNegativeLeastSquaresTests {
    /// Karush–Kuhn–Tucker: x ≥ 0, Gx − b ≥ 0 where x = 0, = 0 where x > 0.
    static func violation(_ a: DenseMatrix, _ y: [Double], _ x: [Double]) -> Double {
        let slope = zip(a.gram * x, a.transposeTimes(y)).map(-)
        return zip(x, slope).reduce(0) { worst, pair in
            max(worst, -pair.0, pair.0 > 0 ? abs(pair.1) : -pair.1)
        }
    }

    // scipy.optimize.nnls(A, y)[0]
    @Test func solutionAgreesWithScipy() throws {
        let result = try NonNegativeLeastSquares(
            gram: Sample.matrix.gram, rightSide: Sample.matrix.transposeTimes(Sample.side))
        #expect(isClose(result.solution, [0, 0.5358836547581408, 0.7584571609231737, 0], 1e-10))
        #expect(result.positive == [1, 2])
    }

    // scipy.optimize.nnls(B, y), B[i][j] = ((7i + 3j² + ij) mod 101)/10 (here × 10, y too), 60 × 40
    @Test func mostUnknownsAtZeroAgreesWithScipy() throws {
        let b = Sample.integers(60, 40) { i, j in (7 * i + 3 * j * j + i * j) % 101 }
        let y = Sample.integers(60, 1) { i, _ in 10 * ((5 * i * i + 2) % 97 - 48) }.elements
        let result = try NonNegativeLeastSquares(gram: b.gram, rightSide: b.transposeTimes(y))
        #expect(result.positive == [25, 32])
        #expect(isClose(result.solution[25], 0.17943483215694225, 1e-9))
        #expect(isClose(result.solution[32], 0.9023969633185749, 1e-9))
    }

    @Test func optimalityConditionsHoldFor300Unknowns() throws {
        let a = Sample.random(600, 300, seed: 11)
        var stream = RandomStream(seed: 12)
        let y = (0..<600).map { _ in stream.normal() }
        let result = try NonNegativeLeastSquares(gram: a.gram, rightSide: a.transposeTimes(y))
        #expect(Self.violation(a, y, result.solution) < 1e-6)
        #expect(result.factorizations < 30)
        let again = try NonNegativeLeastSquares(
            gram: a.gram, rightSide: a.transposeTimes(y), start: result.positive)
        #expect(again.factorizations == 1)
    }

    @Test func coincidingColumnsShareEvenly() throws {
        let a = DenseMatrix([[1, 1, 0], [2, 2, 1], [0, 0, 3]])
        let result = try NonNegativeLeastSquares(gram: a.gram, rightSide: a.transposeTimes([2, 4, 0]))
        #expect(isClose(result.solution, [1, 1, 0], 1e-4))
    }

    @Test func aColumnOfZerosGetsNothing() throws {
        let a = DenseMatrix([[1, 0], [1, 0]])
        let result = try NonNegativeLeastSquares(gram: a.gram, rightSide: a.transposeTimes([3, 3]))
        #expect(isClose(result.solution, [3, 0], 1e-9))
    }
}
