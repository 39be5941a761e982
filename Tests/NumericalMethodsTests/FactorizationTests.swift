import Foundation
import NumericalMethods
import Testing

@Suite struct CholeskyTests {
    @Test func factorTimesItsTransposeIsTheMatrix() throws {
        let s = Sample.random(12, 8, seed: 4).gram
        let l = try Cholesky(s).factor
        #expect((l * l.transpose - s).frobeniusNorm < 1e-12)
        #expect(l[0, 3] == 0)
    }

    @Test func solutionAndInverseSatisfyTheirEquations() throws {
        let s = Sample.random(12, 8, seed: 5).gram
        let b = (0..<8).map { Double($0) - 3 }
        let factor = try Cholesky(s)
        #expect(isClose(s * factor.solve(b), b, 1e-10))
        #expect((s * factor.inverse - .identity(8)).frobeniusNorm < 1e-10)
    }

    // numpy.linalg.slogdet(A.T @ A)
    @Test func logDeterminantAgreesWithNumpy() throws {
        #expect(isClose(try Cholesky(Sample.matrix.gram).logDeterminant, 17.130608147017476))
    }

    @Test func indefiniteMatricesNameTheirPivot() {
        #expect(throws: LinearAlgebraError.notPositiveDefinite(pivot: 1)) {
            try Cholesky(DenseMatrix([[1, 2], [2, 1]]))
        }
    }
}

@Suite struct QRTests {
    @Test func columnsOfQAreOrthonormalAndQRIsTheMatrix() throws {
        let a = Sample.random(9, 4, seed: 6)
        let qr = try QR(a)
        #expect((qr.q.gram - .identity(4)).frobeniusNorm < 1e-13)
        #expect((qr.q * qr.r - a).frobeniusNorm < 1e-13)
        #expect(qr.r[2, 1] == 0)
    }

    // numpy.linalg.lstsq(A, y)
    @Test func leastSquaresAgreesWithNumpy() throws {
        let expected = [-0.1608317214700195, 0.4261605415860734, 0.5987427466150874, -0.5241295938104451]
        #expect(isClose(try QR(Sample.matrix).solve(Sample.side), expected))
        #expect(isClose(try SingularValueDecomposition(Sample.matrix).solve(Sample.side), expected))
    }
}

@Suite struct SingularValueDecompositionTests {
    // numpy.linalg.svd(A)[1]
    @Test func singularValuesAgreeWithNumpy() throws {
        let svd = try SingularValueDecomposition(Sample.matrix)
        #expect(
            isClose(
                svd.singularValues,
                [11.229182178162445, 9.934116089947256, 8.728399171911155, 5.388307064085234]))
    }

    @Test func factorsMultiplyToTheMatrix() throws {
        for (rows, columns) in [(6, 4), (4, 6), (5, 5)] {
            let a = Sample.random(rows, columns, seed: 7)
            let svd = try SingularValueDecomposition(a)
            var us = svd.u
            for i in 0..<us.rows {
                for k in svd.singularValues.indices { us[i, k] *= svd.singularValues[k] }
            }
            #expect((us * svd.v.transpose - a).frobeniusNorm < 1e-13)
        }
    }

    @Test func rankDeficientSystemsGetTheShortestSolution() throws {
        let a = DenseMatrix([[1, 1], [1, 1], [2, 2]])
        let svd = try SingularValueDecomposition(a)
        #expect(svd.rank() == 1)
        #expect(isClose(svd.solve([1, 1, 2]), [0.5, 0.5]))
    }
}

@Suite struct SymmetricEigenTests {
    // numpy.linalg.eigvalsh(A.T @ A)
    @Test func eigenvaluesAgreeWithNumpy() throws {
        #expect(
            isClose(
                try SymmetricEigen(Sample.matrix.gram).values,
                [29.033853016870818, 76.18495210421935, 98.68666248854883, 126.09453239036097]))
    }

    @Test func vectorsAreOrthonormalAndDiagonalise() throws {
        let s = Sample.random(9, 6, seed: 8).gram
        let eigen = try SymmetricEigen(s)
        #expect((eigen.vectors.gram - .identity(6)).frobeniusNorm < 1e-12)
        #expect((eigen.mapped { $0 } - s).frobeniusNorm < 1e-12)
        let root = eigen.mapped { $0.squareRoot() }
        #expect((root * root - s).frobeniusNorm < 1e-11)
    }
}

@Suite struct LinearSystemTests {
    // numpy.linalg.solve(M, [1, 2, 3, 4, 5]), M[i][j] = (3ij + i + 2j) mod 7 + 5δ
    @Test func solutionAgreesWithNumpy() throws {
        let m = Sample.integers(5, 5) { i, j in (3 * i * j + i + 2 * j) % 7 + (i == j ? 5 : 0) }
        #expect(
            isClose(
                try m.solve([1, 2, 3, 4, 5]),
                [
                    -0.630575307045895, 0.24886877828054305, -0.4271170006464124, 0.8007433742727857,
                    0.559146735617324,
                ]))
    }

    @Test func singularSystemsSaySo() {
        #expect(throws: LinearAlgebraError.self) { try DenseMatrix([[1, 2], [2, 4]]).solve([1, 2]) }
    }
}
