import Refinement

/// A symmetric banded matrix, row i from its diagonal on.
struct SymmetricBand: Sendable {
    let bandwidth: Int
    private(set) var rows: [[Double]]

    var count: Int { rows.count }

    init(_ gram: BandedGram) {
        bandwidth = gram.bandwidth
        rows = (0..<gram.count).map { i in
            (i...min(gram.count - 1, i + gram.bandwidth)).map { gram[i, $0] }
        }
    }

    init(dense: [[Double]]) {
        bandwidth = max(0, dense.count - 1)
        rows = dense.indices.map { i in Array(dense[i][i...]) }
    }

    /// A[i, j] for i ≤ j ≤ i + bandwidth.
    subscript(i: Int, j: Int) -> Double { rows[i][j - i] }

    /// D A D of a diagonal D.
    func scaled(by unit: [Double]) -> SymmetricBand {
        var result = self
        for i in rows.indices {
            for k in rows[i].indices { result.rows[i][k] *= unit[i] * unit[i + k] }
        }
        return result
    }
}
