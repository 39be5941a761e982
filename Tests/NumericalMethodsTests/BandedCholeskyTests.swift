import Foundation
import NumericalMethods
import Testing

@Suite struct BandedCholeskyTests {
    /// Shapes on both sides of the eight rows that the kernel takes at once.
    static let shapes: [(count: Int, bandwidth: Int)] = [
        (1, 0), (5, 0), (5, 2), (7, 6), (8, 7), (9, 3), (16, 8), (20, 19), (33, 8), (40, 12), (100, 30),
        (131, 64),
    ]

    /// Diagonally dominant, seeded.
    static func matrix(_ count: Int, _ bandwidth: Int) -> [[Double]] {
        var random = RandomStream(seed: UInt64(count), index: UInt64(bandwidth))
        var a = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for i in 0..<count {
            for j in i...min(count - 1, i + bandwidth) {
                let value = i == j ? 2 * Double(bandwidth) + 1 : random.uniform() - 0.5
                (a[i][j], a[j][i]) = (value, value)
            }
        }
        return a
    }

    @Test(arguments: shapes) func theFactorSolvesWhatTheMatrixMultiplies(_ count: Int, _ bandwidth: Int)
        throws
    {
        let a = Self.matrix(count, bandwidth)
        let factor = try #require(BandedCholesky(count: count, bandwidth: bandwidth) { a[$0][$1] })
        let x = (0..<count).map { Double($0 % 7) - 3 }
        let b = a.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
        let solved = factor.upperSolution(factor.lowerSolution(b))
        for (found, expected) in zip(solved, x) { #expect(abs(found - expected) < 1e-11) }
    }

    /// |U v|² = vᵀA v, and U⁻ᵀ, U⁻¹ undo U.
    @Test(arguments: shapes) func theUpperProductHasTheMatrixAsItsSquare(_ count: Int, _ bandwidth: Int)
        throws
    {
        let a = Self.matrix(count, bandwidth)
        let factor = try #require(BandedCholesky(count: count, bandwidth: bandwidth) { a[$0][$1] })
        let v = (0..<count).map { Double(($0 * 5) % 11) - 5 }
        let product = factor.upperProduct(v)
        let square = product.reduce(0) { $0 + $1 * $1 }
        let expected = (0..<count).reduce(0) { sum, i in
            sum + v[i] * zip(a[i], v).reduce(0) { $0 + $1.0 * $1.1 }
        }
        #expect(abs(square - expected) < 1e-10 * expected + 1e-12)
        for (found, expected) in zip(factor.upperSolution(product), v) {
            #expect(abs(found - expected) < 1e-11)
        }
        for (found, expected) in zip(factor.scaled(by: 0.25).upperProduct(v), product) {
            #expect(abs(found - 0.25 * expected) < 1e-12)
        }
    }

    @Test(arguments: shapes) func severalProductsAreThoseOfEach(_ count: Int, _ bandwidth: Int) throws {
        let a = Self.matrix(count, bandwidth)
        let factor = try #require(BandedCholesky(count: count, bandwidth: bandwidth) { a[$0][$1] })
        var random = RandomStream(seed: 3, index: 1)
        let vectors = (0..<11).map { _ in (0..<count).map { _ in random.uniform() - 0.5 } }
        let order = Array((0..<count).reversed())
        let products = factor.upperProducts(vectors, order: order)
        #expect(products.count == vectors.count)
        for (vector, product) in zip(vectors, products) {
            for (found, expected) in zip(product, factor.upperProduct(order.map { vector[$0] })) {
                #expect(abs(found - expected) < 1e-12 * Double(bandwidth + 1))
            }
        }
    }

    /// The recurrence over the band gives what solving for every unit vector gives, and the determinant is that of the
    /// last pivots' product: adding to one element changes it by the inverse's diagonal.
    @Test(arguments: shapes) func theInversesDiagonalIsThatOfTheSolutions(_ count: Int, _ bandwidth: Int)
        throws
    {
        let a = Self.matrix(count, bandwidth)
        let factor = try #require(BandedCholesky(count: count, bandwidth: bandwidth) { a[$0][$1] })
        let diagonal = factor.inverseDiagonal
        for i in 0..<count {
            let unit = (0..<count).map { $0 == i ? 1.0 : 0 }
            let column = factor.upperSolution(factor.lowerSolution(unit))
            #expect(abs(diagonal[i] - column[i]) < 1e-12)
        }
        let changed = try #require(
            BandedCholesky(count: count, bandwidth: bandwidth) { a[$0][$1] + ($0 == 0 && $1 == 0 ? 0.25 : 0) }
        )
        let difference = changed.logDeterminant - factor.logDeterminant
        #expect(abs(difference - log1p(0.25 * diagonal[0])) < 1e-10)
    }
}
