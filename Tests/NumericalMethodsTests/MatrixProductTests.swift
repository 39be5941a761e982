import NumericalMethods
import Testing

@Suite("Products of blocks in place") struct MatrixProductTests {
    private static func numbers(_ count: Int, _ seed: UInt64) -> [Double] {
        var random = RandomStream(seed: seed)
        return (0..<count).map { _ in random.uniform(-1, 1) }
    }

    @Test("A B, A Bᵀ and what is added to C are the sums over the inner index", arguments: [false, true])
    func sums(adding: Bool) {
        let (rows, columns, inner, stride) = (3, 4, 5, 7)
        let (a, b) = (Self.numbers(rows * stride, 1), Self.numbers(inner * stride, 2))
        let transposed = Self.numbers(columns * stride, 3)
        let start = Self.numbers(rows * stride, 4)
        var (product, other) = (start, start)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                transposed.withUnsafeBufferPointer { t in
                    guard let a = a.baseAddress, let b = b.baseAddress, let t = t.baseAddress else { return }
                    product.withUnsafeMutableBufferPointer { c in
                        guard let c = c.baseAddress else { return }
                        MatrixProduct.times(
                            .init(a, stride: stride), .init(b, stride: stride), into: c, stride: stride,
                            rows: rows, columns: columns, inner: inner, adding: adding)
                    }
                    other.withUnsafeMutableBufferPointer { c in
                        guard let c = c.baseAddress else { return }
                        MatrixProduct.timesTransposed(
                            .init(a, stride: stride), .init(t, stride: stride), into: c, stride: stride,
                            rows: rows, columns: columns, inner: inner, adding: adding)
                    }
                }
            }
        }
        for i in 0..<rows {
            for j in 0..<columns {
                let before = adding ? start[i * stride + j] : 0
                let plain = (0..<inner).reduce(before) { $0 + a[i * stride + $1] * b[$1 * stride + j] }
                let turned = (0..<inner).reduce(before) {
                    $0 + a[i * stride + $1] * transposed[j * stride + $1]
                }
                #expect(abs(product[i * stride + j] - plain) < 1e-14)
                #expect(abs(other[i * stride + j] - turned) < 1e-14)
            }
            // What lies between the rows is not touched.
            for j in columns..<stride { #expect(product[i * stride + j] == start[i * stride + j]) }
        }
    }
}
