import CLAPACK
import ExplainedErrors

/// The one place where BLAS is told to run on the calling thread: the layers above split their own work over
/// cores, and a sum split by BLAS would depend on the number of cores.
enum LinearAlgebraLibrary {
    static let singleThreaded: Void = openblas_set_num_threads(1)

    /// Call before any BLAS or LAPACK routine; costs one atomic read after the first time.
    @inline(__always) static func prepare() { singleThreaded }
}

/// Why a dense factorisation or an iteration of linear algebra has no result.
package enum LinearAlgebraError: ExplainedError, Hashable {
    /// The shapes of the arguments do not fit together.
    case shape(String)
    /// A Cholesky factorisation met a pivot that is not positive; its index from 0.
    case notPositiveDefinite(pivot: Int)
    /// A zero pivot; its index from 0.
    case singular(pivot: Int)
    /// An iterative LAPACK routine did not converge.
    case noConvergence(routine: String)
    /// An entry is NaN or infinite.
    case notFinite

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .shape(let text):
            Explanation("matrix shapes do not fit: \(text)")
        case .notPositiveDefinite(let pivot):
            Explanation("matrix is not positive definite (pivot \(pivot))")
        case .singular(let pivot):
            Explanation("matrix is singular (pivot \(pivot))")
        case .noConvergence(let routine):
            Explanation("\(routine) did not converge")
        case .notFinite:
            Explanation("matrix holds an entry that is not a finite number")
        }
    }
}
