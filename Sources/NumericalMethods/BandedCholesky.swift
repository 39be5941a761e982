import CBandedProducts
import CLAPACK
import Foundation

/// The Cholesky factor A = Uᵀ U of a symmetric positive definite banded matrix (LAPACK dpbtrf).
package struct BandedCholesky: Sendable {
    package let count: Int
    /// Superdiagonals beside the diagonal.
    package let bandwidth: Int
    /// LAPACK's upper band storage, column-major with leading dimension bandwidth + 1:
    /// U[i, j] stands at (bandwidth + i − j) + j · (bandwidth + 1).
    private let storage: [Double]

    /// - Parameters:
    ///   - element: A[i, j] for i ≤ j ≤ i + bandwidth.
    ///   - ridge: added to every diagonal element, as a share of it.
    /// - Returns: nil where the matrix is not positive definite.
    package init?(count: Int, bandwidth: Int, ridge: Double = 0, element: (Int, Int) -> Double) {
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

    private init(count: Int, bandwidth: Int, storage: [Double]) {
        (self.count, self.bandwidth, self.storage) = (count, bandwidth, storage)
    }

    /// s U, the factor of s² A.
    package func scaled(by s: Double) -> BandedCholesky {
        BandedCholesky(count: count, bandwidth: bandwidth, storage: storage.map { s * $0 })
    }

    /// U v.
    package func upperProduct(_ v: [Double]) -> [Double] {
        precondition(v.count == count, "one number for each row")
        return [Double](unsafeUninitializedCapacity: count) { result, initialized in
            initialized = count
            guard let target = result.baseAddress else { return }
            wyckoff_banded_product(storage, count, bandwidth, v, target)
        }
    }

    /// U v of several vectors at once, of which `order` says where each row's number stands: the band is read once for
    /// eight of them.
    package func upperProducts(_ vectors: [[Double]], order: [Int]) -> [[Double]] {
        precondition(order.count == count, "one place for each row")
        var products: [[Double]] = []
        products.reserveCapacity(vectors.count)
        var interleaved = [Double](repeating: 0, count: 8 * count)
        var product = interleaved
        for first in stride(from: 0, to: vectors.count, by: 8) {
            let chunk = vectors[first..<min(first + 8, vectors.count)]
            for (k, v) in chunk.enumerated() {
                for (row, place) in order.enumerated() { interleaved[8 * row + k] = v[place] }
            }
            wyckoff_banded_products(storage, count, bandwidth, interleaved, &product)
            for k in chunk.indices { products.append((0..<count).map { product[8 * $0 + k - first] }) }
        }
        return products
    }

    /// U⁻ᵀ v.
    package func lowerSolution(_ v: [Double]) -> [Double] {
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
    package func upperSolution(_ v: [Double]) -> [Double] {
        var x = v
        let lead = bandwidth + 1
        for j in stride(from: count - 1, through: 0, by: -1) {
            x[j] /= storage[bandwidth + j * lead]
            for i in max(0, j - bandwidth)..<j { x[i] -= storage[bandwidth + i - j + j * lead] * x[j] }
        }
        return x
    }

    /// log det A.
    package var logDeterminant: Double {
        var sum = 0.0
        for j in 0..<count { sum += log(storage[bandwidth + j * (bandwidth + 1)]) }
        return 2 * sum
    }

    /// The diagonal of A⁻¹, by the recurrence over the band (Takahashi, Fagan & Chin 1973): O(count · bandwidth²).
    package var inverseDiagonal: [Double] {
        let lead = bandwidth + 1
        // A⁻¹[i, i + k] stands at i · lead + k.
        var inverse = [Double](repeating: 0, count: lead * count)
        var row = [Double](repeating: 0, count: lead)
        for i in stride(from: count - 1, through: 0, by: -1) {
            let reach = min(bandwidth, count - 1 - i)
            let pivot = storage[bandwidth + i * lead]
            for k in 0..<reach { row[k] = storage[bandwidth - k - 1 + (i + k + 1) * lead] / pivot }
            for j in 0..<reach {
                var sum = 0.0
                // Below the diagonal of A⁻¹, then above it.
                for k in 0..<j { sum += row[k] * inverse[(i + 1 + k) * lead + j - k] }
                let base = (i + 1 + j) * lead
                for k in j..<reach { sum += row[k] * inverse[base + k - j] }
                inverse[i * lead + j + 1] = -sum
            }
            var diagonal = 1 / (pivot * pivot)
            for k in 0..<reach { diagonal -= row[k] * inverse[i * lead + k + 1] }
            inverse[i * lead] = diagonal
        }
        return (0..<count).map { inverse[$0 * lead] }
    }
}
