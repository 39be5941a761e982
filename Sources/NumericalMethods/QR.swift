import CLAPACK

/// A = Q R with A of m ≥ n rows, Q of orthonormal columns (m × n), R upper triangular (n × n) (LAPACK dgeqrf).
package struct QR: Sendable {
    package let q: DenseMatrix
    package let r: DenseMatrix

    package init(_ matrix: DenseMatrix) throws(LinearAlgebraError) {
        guard matrix.rows >= matrix.columns else {
            throw .shape("QR of \(matrix.rows) × \(matrix.columns): fewer rows than columns")
        }
        LinearAlgebraLibrary.prepare()
        let n = matrix.columns
        var a = matrix
        var r = DenseMatrix(rows: n, columns: n)
        if n > 0 {
            let (rows, columns) = (Int32(matrix.rows), Int32(n))
            var tau = [Double](repeating: 0, count: n)
            guard LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, rows, columns, &a.elements, columns, &tau) == 0 else {
                throw .notFinite
            }
            for i in 0..<n {
                for j in i..<n { r[i, j] = a[i, j] }
            }
            guard LAPACKE_dorgqr(LAPACK_ROW_MAJOR, rows, columns, columns, &a.elements, columns, tau) == 0
            else {
                throw .notFinite
            }
        }
        self.q = a
        self.r = r
    }

    /// The least-squares solution of A x ≈ b.
    package func solve(_ b: [Double]) throws(LinearAlgebraError) -> [Double] {
        let n = r.columns
        if let pivot = (0..<n).first(where: { r[$0, $0] == 0 }) { throw .singular(pivot: pivot) }
        var x = q.transposeTimes(b)
        if n > 0 {
            cblas_dtrsv(
                CblasRowMajor, CblasUpper, CblasNoTrans, CblasNonUnit, Int32(n), r.elements, Int32(n), &x, 1)
        }
        return x
    }
}
