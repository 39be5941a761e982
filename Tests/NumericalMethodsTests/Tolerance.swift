import NumericalMethods

/// |a − b| ≤ tolerance · max(1, |b|).
func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
}

func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1, tolerance) }
}

/// The 7 × 4 matrix A[i][j] = (7i + 3j² + ij) mod 11 − 4 and the right side y[i] = (5i² + 2) mod 13 − 6, for
/// which numpy and scipy gave the figures quoted in these tests.
enum Sample {
    static let matrix = integers(7, 4) { i, j in (7 * i + 3 * j * j + i * j) % 11 - 4 }
    static let side = integers(7, 1) { i, _ in (5 * i * i + 2) % 13 - 6 }.elements

    static func integers(_ rows: Int, _ columns: Int, _ entry: (Int, Int) -> Int) -> DenseMatrix {
        var m = DenseMatrix(rows: rows, columns: columns)
        for i in 0..<rows {
            for j in 0..<columns { m[i, j] = Double(entry(i, j)) }
        }
        return m
    }

    static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> DenseMatrix {
        var stream = RandomStream(seed: seed)
        let elements = (0..<rows * columns).map { _ in stream.normal() }
        return DenseMatrix(rows: rows, columns: columns, elements: elements)
    }
}
