import CLAPACK

/// Eigenvalues (ascending) and orthonormal eigenvectors of a symmetric matrix (LAPACK dsyevd).
package struct SymmetricEigen: Sendable {
    package let values: [Double]
    /// Column k belongs to `values[k]`.
    package let vectors: DenseMatrix

    /// Reads the lower triangle of `matrix` only.
    package init(_ matrix: DenseMatrix) throws(LinearAlgebraError) {
        guard matrix.rows == matrix.columns else {
            throw .shape("eigenvalues of \(matrix.rows) × \(matrix.columns)")
        }
        guard matrix.elements.allSatisfy(\.isFinite) else { throw .notFinite }
        LinearAlgebraLibrary.prepare()
        let n = matrix.rows
        var a = matrix
        var w = [Double](repeating: 0, count: n)
        if n > 0 {
            // Column-major upper is row-major lower; LAPACK leaves eigenvector k as the row k of our layout.
            let info = LAPACKE_dsyevd(
                LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), Int32(n), &a.elements,
                Int32(n), &w)
            guard info == 0 else { throw .noConvergence(routine: "dsyevd") }
        }
        (values, vectors) = (w, a.transpose)
    }

    /// V f(Λ) Vᵀ: the function of the matrix.
    package func mapped(_ transform: (Double) -> Double) -> DenseMatrix {
        var scaled = vectors
        for k in values.indices {
            let f = transform(values[k])
            for i in 0..<vectors.rows { scaled[i, k] *= f }
        }
        return scaled * vectors.transpose
    }
}
