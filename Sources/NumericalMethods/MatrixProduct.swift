import CLAPACK

/// Products of dense row-major blocks in place, over BLAS on the calling thread: for callers that keep their
/// numbers in long tables of their own. A block's row k begins `stride` numbers after row k − 1.
package enum MatrixProduct {
    package struct Block {
        package var start: UnsafePointer<Double>
        package var stride: Int

        package init(_ start: UnsafePointer<Double>, stride: Int) {
            self.start = start
            self.stride = stride
        }
    }

    /// C = A Bᵀ, or C += A Bᵀ, with A rows × inner, B columns × inner and C rows × columns.
    package static func timesTransposed(
        _ a: Block, _ b: Block, into c: UnsafeMutablePointer<Double>, stride: Int, rows: Int, columns: Int,
        inner: Int, adding: Bool = false
    ) {
        guard rows > 0, columns > 0 else { return }
        LinearAlgebraLibrary.prepare()
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(inner), 1, a.start,
            Int32(a.stride), b.start, Int32(b.stride), adding ? 1 : 0, c, Int32(stride))
    }

    /// C = A B, or C += A B, with A rows × inner, B inner × columns and C rows × columns.
    package static func times(
        _ a: Block, _ b: Block, into c: UnsafeMutablePointer<Double>, stride: Int, rows: Int, columns: Int,
        inner: Int, adding: Bool = false
    ) {
        guard rows > 0, columns > 0 else { return }
        LinearAlgebraLibrary.prepare()
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1, a.start,
            Int32(a.stride), b.start, Int32(b.stride), adding ? 1 : 0, c, Int32(stride))
    }
}
