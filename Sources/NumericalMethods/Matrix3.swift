/// A 3 × 3 matrix of doubles, kept as three rows.
///
/// Fractional coordinates and Miller-index columns multiply from the right (`matrix * column`); lattice
/// vectors are rows (DESIGN: r = Lᵀ f).
public struct Matrix3: Sendable, Hashable {
    /// The three rows.
    @usableFromInline package var rows: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)

    /// From three rows.
    @inlinable public init(rows a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
        rows = (a, b, c)
    }

    /// From three columns.
    public init(columns a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>) {
        self = Matrix3(rows: a, b, c).transpose
    }

    /// A diagonal matrix.
    public init(diagonal d: SIMD3<Double>) {
        rows = (SIMD3(d.x, 0, 0), SIMD3(0, d.y, 0), SIMD3(0, 0, d.z))
    }

    /// 1 on the diagonal.
    public static let identity = Matrix3(diagonal: SIMD3(repeating: 1))
    /// 0 everywhere.
    public static let zero = Matrix3(diagonal: SIMD3(repeating: 0))

    /// A row, or an element; indices from 0 to 2.
    public subscript(row: Int) -> SIMD3<Double> {
        get { row == 0 ? rows.0 : row == 1 ? rows.1 : rows.2 }
        set {
            switch row {
            case 0: rows.0 = newValue
            case 1: rows.1 = newValue
            default: rows.2 = newValue
            }
        }
    }

    /// A row, or an element; indices from 0 to 2.
    public subscript(row: Int, column: Int) -> Double {
        get { self[row][column] }
        set { self[row][column] = newValue }
    }

    /// Rows become columns.
    public var transpose: Matrix3 {
        Matrix3(
            rows: SIMD3(rows.0.x, rows.1.x, rows.2.x), SIMD3(rows.0.y, rows.1.y, rows.2.y),
            SIMD3(rows.0.z, rows.1.z, rows.2.z))
    }

    /// The volume that the rows span, with its sign.
    public var determinant: Double { rows.0.dot(rows.1.cross(rows.2)) }

    /// The sum of the diagonal.
    public var trace: Double { rows.0.x + rows.1.y + rows.2.z }

    /// The inverse; entries are not finite where the determinant is zero.
    public var inverse: Matrix3 {
        let factor = 1 / determinant
        return Matrix3(
            columns: rows.1.cross(rows.2) * factor, rows.2.cross(rows.0) * factor,
            rows.0.cross(rows.1) * factor)
    }

    /// √Σ mᵢⱼ².
    public var frobeniusNorm: Double {
        (rows.0.dot(rows.0) + rows.1.dot(rows.1) + rows.2.dot(rows.2)).squareRoot()
    }

    /// The product.
    @inlinable public static func * (m: Matrix3, v: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(m.rows.0.dot(v), m.rows.1.dot(v), m.rows.2.dot(v))
    }

    /// The row vector `v` times the matrix: mᵀ v.
    @inlinable public static func * (v: SIMD3<Double>, m: Matrix3) -> SIMD3<Double> {
        m.rows.0 * v.x + m.rows.1 * v.y + m.rows.2 * v.z
    }

    /// The product.
    public static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(rows: a.rows.0 * b, a.rows.1 * b, a.rows.2 * b)
    }

    /// The product.
    public static func * (s: Double, m: Matrix3) -> Matrix3 {
        Matrix3(rows: s * m.rows.0, s * m.rows.1, s * m.rows.2)
    }

    /// Element by element.
    public static func + (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(rows: a.rows.0 + b.rows.0, a.rows.1 + b.rows.1, a.rows.2 + b.rows.2)
    }

    /// Element by element.
    public static func - (a: Matrix3, b: Matrix3) -> Matrix3 {
        Matrix3(rows: a.rows.0 - b.rows.0, a.rows.1 - b.rows.1, a.rows.2 - b.rows.2)
    }

    /// Element by element, exactly.
    public static func == (a: Matrix3, b: Matrix3) -> Bool { a.rows == b.rows }

    /// Of all elements.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rows.0)
        hasher.combine(rows.1)
        hasher.combine(rows.2)
    }
}
