import CLAPACK

/// The Cholesky factor A = Uᵀ U of a symmetric positive definite banded matrix (LAPACK dpbtrf).
public struct BandedCholesky: Sendable {
    public let count: Int
    /// Superdiagonals beside the diagonal.
    public let bandwidth: Int
    /// LAPACK's upper band storage, column-major with leading dimension bandwidth + 1:
    /// U[i, j] stands at (bandwidth + i − j) + j · (bandwidth + 1).
    private let storage: [Double]

    /// - Parameters:
    ///   - element: A[i, j] for i ≤ j ≤ i + bandwidth.
    ///   - ridge: added to every diagonal element, as a share of it.
    /// - Returns: nil where the matrix is not positive definite.
    public init?(count: Int, bandwidth: Int, ridge: Double = 0, element: (Int, Int) -> Double) {
        LinearAlgebraLibrary.prepare()
        self.count = count
        self.bandwidth = bandwidth
        let lead = bandwidth + 1
        var band = [Double](repeating: 0, count: lead * count)
        for j in 0..<count {
            for i in max(0, j - bandwidth)...j {
                let value = element(i, j)
                band[bandwidth + i - j + j * lead] = i == j ? value * (1 + ridge) : value
            }
        }
        let status = LAPACKE_dpbtrf_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(count), Int32(bandwidth), &band,
            Int32(lead))
        guard status == 0 else { return nil }
        storage = band
    }

    /// U v.
    public func upperProduct(_ v: [Double]) -> [Double] {
        precondition(v.count == count, "one number for each row")
        let lead = bandwidth + 1
        return [Double](unsafeUninitializedCapacity: count) { result, initialized in
            result.update(repeating: 0)
            initialized = count
            guard let target = result.baseAddress else { return }
            storage.withUnsafeBufferPointer { band in
                guard let base = band.baseAddress else { return }
                for j in 0..<count where v[j] != 0 {
                    let (x, first) = (v[j], max(0, j - bandwidth))
                    let column = base + (bandwidth + first - j + j * lead)
                    for i in 0...(j - first) { target[first + i] += column[i] * x }
                }
            }
        }
    }

    /// U⁻ᵀ v.
    public func lowerSolution(_ v: [Double]) -> [Double] {
        var x = v
        let lead = bandwidth + 1
        for j in 0..<count {
            var sum = x[j]
            for i in max(0, j - bandwidth)..<j { sum -= storage[bandwidth + i - j + j * lead] * x[i] }
            x[j] = sum / storage[bandwidth + j * lead]
        }
        return x
    }

    /// U⁻¹ v.
    public func upperSolution(_ v: [Double]) -> [Double] {
        var x = v
        let lead = bandwidth + 1
        for j in stride(from: count - 1, through: 0, by: -1) {
            x[j] /= storage[bandwidth + j * lead]
            for i in max(0, j - bandwidth)..<j { x[i] -= storage[bandwidth + i - j + j * lead] * x[j] }
        }
        return x
    }
}
