import NumericalMethods
import Testing

@Suite struct DenseMatrixTests {
    @Test func productIsRowTimesColumn() {
        let a = DenseMatrix([[1, 2, 3], [4, 5, 6]])
        let b = DenseMatrix([[7, 8], [9, 10], [11, 12]])
        #expect(a * b == DenseMatrix([[58, 64], [139, 154]]))
        #expect(a * [1, 0, -1] == [-2, -2])
        #expect(a.transposeTimes([1, -1]) == [-3, -3, -3])
    }

    @Test func gramIsTransposeTimesSelf() {
        let a = Sample.random(9, 5, seed: 1)
        #expect((a.gram - a.transpose * a).frobeniusNorm < 1e-13)
    }

    @Test func transposeReversesProducts() {
        let (a, b) = (Sample.random(4, 6, seed: 2), Sample.random(6, 3, seed: 3))
        #expect(((a * b).transpose - b.transpose * a.transpose).frobeniusNorm < 1e-13)
    }

    @Test func selectionKeepsTheGivenOrder() {
        let a = DenseMatrix([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
        #expect(a.selecting(rows: [2, 0], columns: [1]) == DenseMatrix([[8], [2]]))
        #expect(a.diagonal == [1, 5, 9])
        #expect(a.column(2) == [3, 6, 9])
    }

    @Test func emptyMatricesAreHarmless() {
        let none = DenseMatrix(rows: 0, columns: 0)
        #expect((none * none).elements.isEmpty)
        #expect(none.gram.rows == 0)
    }
}
