/// A 3 × 3 matrix of integers, kept as three rows: the rotation part of a symmetry operation, or a change
/// of basis.
public struct IntegerMatrix3: Sendable, Hashable {
    /// The first row.
    public var row0: SIMD3<Int>
    /// The second row.
    public var row1: SIMD3<Int>
    /// The third row.
    public var row2: SIMD3<Int>

    /// From three rows.
    public init(rows a: SIMD3<Int>, _ b: SIMD3<Int>, _ c: SIMD3<Int>) {
        (row0, row1, row2) = (a, b, c)
    }

    /// 1 on the diagonal.
    public static let identity = IntegerMatrix3(rows: SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))

    /// A row, or an element; indices from 0 to 2.
    public subscript(row: Int) -> SIMD3<Int> {
        get { row == 0 ? row0 : row == 1 ? row1 : row2 }
        set {
            switch row {
            case 0: row0 = newValue
            case 1: row1 = newValue
            default: row2 = newValue
            }
        }
    }

    /// A row, or an element; indices from 0 to 2.
    public subscript(row: Int, column: Int) -> Int {
        get { self[row][column] }
        set { self[row][column] = newValue }
    }

    /// Rows become columns.
    public var transpose: IntegerMatrix3 {
        IntegerMatrix3(
            rows: SIMD3(row0.x, row1.x, row2.x), SIMD3(row0.y, row1.y, row2.y),
            SIMD3(row0.z, row1.z, row2.z))
    }

    /// The sum of the diagonal.
    public var trace: Int { row0.x + row1.y + row2.z }

    /// 1 or -1 for the rotation part of a symmetry operation.
    public var determinant: Int {
        row0.x * (row1.y * row2.z - row1.z * row2.y) - row0.y * (row1.x * row2.z - row1.z * row2.x)
            + row0.z * (row1.x * row2.y - row1.y * row2.x)
    }

    /// The transposed matrix of cofactors: `adjugate * self == determinant · identity`.
    public var adjugate: IntegerMatrix3 {
        func cross(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> SIMD3<Int> {
            SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
        }
        return IntegerMatrix3(rows: cross(row1, row2), cross(row2, row0), cross(row0, row1)).transpose
    }

    /// The inverse of a unimodular matrix (determinant ±1); nil otherwise.
    public var inverse: IntegerMatrix3? {
        let d = determinant
        guard d == 1 || d == -1 else { return nil }
        let a = adjugate
        return IntegerMatrix3(rows: a.row0 &* d, a.row1 &* d, a.row2 &* d)
    }

    /// The product.
    @inlinable public static func * (m: IntegerMatrix3, v: SIMD3<Int>) -> SIMD3<Int> {
        SIMD3((m.row0 &* v).wrappedSum(), (m.row1 &* v).wrappedSum(), (m.row2 &* v).wrappedSum())
    }

    /// The row vector `v` times the matrix: hR for Miller indices.
    @inlinable public static func * (v: SIMD3<Int>, m: IntegerMatrix3) -> SIMD3<Int> {
        m.row0 &* v.x &+ m.row1 &* v.y &+ m.row2 &* v.z
    }

    /// The product.
    @inlinable public static func * (m: IntegerMatrix3, v: SIMD3<Double>) -> SIMD3<Double> {
        Matrix3(m) * v
    }

    /// The product.
    public static func * (a: IntegerMatrix3, b: IntegerMatrix3) -> IntegerMatrix3 {
        IntegerMatrix3(rows: a.row0 * b, a.row1 * b, a.row2 * b)
    }

    /// Every element with the other sign.
    public static prefix func - (m: IntegerMatrix3) -> IntegerMatrix3 {
        IntegerMatrix3(rows: SIMD3<Int>.zero &- m.row0, SIMD3<Int>.zero &- m.row1, SIMD3<Int>.zero &- m.row2)
    }
}

extension Matrix3 {
    /// The same elements as doubles.
    public init(_ m: IntegerMatrix3) {
        self.init(rows: SIMD3<Double>(m.row0), SIMD3<Double>(m.row1), SIMD3<Double>(m.row2))
    }
}
