import CLAPACK

extension DenseMatrix {
    /// x of A x = b for a square matrix, by LU with partial pivoting (LAPACK dgesv).
    package func solve(_ b: [Double]) throws(LinearAlgebraError) -> [Double] {
        guard rows == columns, b.count == rows else {
            throw .shape("\(rows) × \(columns) matrix, right-hand side of \(b.count)")
        }
        LinearAlgebraLibrary.prepare()
        guard rows > 0 else { return [] }
        var a = self
        var x = b
        var pivots = [Int32](repeating: 0, count: rows)
        let info = LAPACKE_dgesv(LAPACK_ROW_MAJOR, Int32(rows), 1, &a.elements, Int32(rows), &pivots, &x, 1)
        if info > 0 { throw .singular(pivot: Int(info) - 1) }
        if info < 0 { throw .notFinite }
        return x
    }
}
