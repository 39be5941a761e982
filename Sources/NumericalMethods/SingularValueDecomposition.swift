import CLAPACK

/// A = U diag(s) Vᵀ, thin: U m × k, s descending of length k = min(m, n), V n × k (LAPACK dgesdd).
package struct SingularValueDecomposition: Sendable {
    package let u: DenseMatrix
    package let singularValues: [Double]
    package let v: DenseMatrix

    package init(_ matrix: DenseMatrix) throws(LinearAlgebraError) {
        LinearAlgebraLibrary.prepare()
        let (m, n) = (matrix.rows, matrix.columns)
        let k = min(m, n)
        var u = DenseMatrix(rows: m, columns: k)
        var vt = DenseMatrix(rows: k, columns: n)
        var s = [Double](repeating: 0, count: k)
        if k > 0 {
            guard matrix.elements.allSatisfy(\.isFinite) else { throw .notFinite }
            var a = matrix
            let info = LAPACKE_dgesdd(
                LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "S")), Int32(m), Int32(n), &a.elements, Int32(n), &s,
                &u.elements, Int32(k), &vt.elements, Int32(n))
            guard info == 0 else { throw .noConvergence(routine: "dgesdd") }
        }
        (self.u, singularValues, v) = (u, s, vt.transpose)
    }

    /// The number of singular values above `tolerance` times the largest.
    package func rank(tolerance: Double = 1e-12) -> Int {
        singularValues.count { $0 > tolerance * (singularValues.first ?? 0) }
    }

    /// The shortest least-squares solution of A x ≈ b; singular values up to `tolerance` times the largest
    /// count as zero.
    package func solve(_ b: [Double], tolerance: Double = 1e-12) -> [Double] {
        let kept = rank(tolerance: tolerance)
        var coefficients = u.transposeTimes(b)
        for i in coefficients.indices {
            coefficients[i] = i < kept ? coefficients[i] / singularValues[i] : 0
        }
        return v * coefficients
    }
}
