import CLAPACK
import Foundation

/// The factor L of a symmetric positive definite matrix, A = L Lᵀ (LAPACK dpotrf).
package struct Cholesky: Sendable {
    /// Lower triangle; the upper one is zero.
    package let factor: DenseMatrix

    /// Reads the lower triangle of `matrix` only.
    package init(_ matrix: DenseMatrix) throws(LinearAlgebraError) {
        guard matrix.rows == matrix.columns else {
            throw .shape("Cholesky of \(matrix.rows) × \(matrix.columns)")
        }
        LinearAlgebraLibrary.prepare()
        let n = matrix.rows
        var l = matrix
        if n > 0 {
            // The row-major lower triangle is the column-major upper one: no copy is made.
            let info = LAPACKE_dpotrf_work(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), &l.elements, Int32(n))
            if info > 0 { throw .notPositiveDefinite(pivot: Int(info) - 1) }
            if info < 0 { throw .notFinite }
        }
        for i in 0..<n {
            for j in (i + 1)..<max(n, i + 1) { l.elements[i * n + j] = 0 }
        }
        guard l.diagonal.allSatisfy({ $0.isFinite && $0 > 0 }) else { throw .notFinite }
        factor = l
    }

    /// x of A x = b.
    package func solve(_ b: [Double]) -> [Double] {
        let n = factor.rows
        precondition(b.count == n, "\(b.count) entries for \(n) rows")
        var x = b
        guard n > 0 else { return x }
        cblas_dtrsv(
            CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, Int32(n), factor.elements, Int32(n), &x, 1)
        cblas_dtrsv(
            CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, Int32(n), factor.elements, Int32(n), &x, 1)
        return x
    }

    /// A⁻¹.
    package var inverse: DenseMatrix {
        let n = factor.rows
        var m = DenseMatrix(rows: n, columns: n)
        for j in 0..<n {
            var unit = [Double](repeating: 0, count: n)
            unit[j] = 1
            let column = solve(unit)
            for i in 0..<n { m[i, j] = column[i] }
        }
        return m
    }

    /// ln det A.
    package var logDeterminant: Double { 2 * factor.diagonal.reduce(0) { $0 + log($1) } }
}
