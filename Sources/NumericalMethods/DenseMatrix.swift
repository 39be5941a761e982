import CLAPACK

/// A dense matrix of doubles, row-major and contiguous.
public struct DenseMatrix: Sendable, Hashable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// `rows · columns` entries; entry (i, j) is `elements[i * columns + j]`.
    public var elements: [Double]

    package init(rows: Int, columns: Int, repeating value: Double = 0) {
        self.rows = rows
        self.columns = columns
        elements = [Double](repeating: value, count: rows * columns)
    }

    /// - Precondition: `elements.count == rows * columns`.
    package init(rows: Int, columns: Int, elements: [Double]) {
        precondition(elements.count == rows * columns, "\(elements.count) entries for \(rows) × \(columns)")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// From rows of equal length.
    package init(_ rows: [[Double]]) {
        self.init(rows: rows.count, columns: rows.first?.count ?? 0, elements: rows.flatMap { $0 })
    }

    package init(_ m: Matrix3) {
        self.init((0..<3).map { row in (0..<3).map { m[row, $0] } })
    }

    package static func identity(_ count: Int) -> DenseMatrix {
        var m = DenseMatrix(rows: count, columns: count)
        for i in 0..<count { m[i, i] = 1 }
        return m
    }

    /// An element; indices from 0.
    @inlinable public subscript(row: Int, column: Int) -> Double {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// A row; indices from 0.
    public func row(_ i: Int) -> ArraySlice<Double> { elements[i * columns..<(i + 1) * columns] }

    /// A column; indices from 0.
    public func column(_ j: Int) -> [Double] { (0..<rows).map { self[$0, j] } }

    package var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

    package var transpose: DenseMatrix {
        var t = DenseMatrix(rows: columns, columns: rows)
        for i in 0..<rows {
            for j in 0..<columns { t[j, i] = self[i, j] }
        }
        return t
    }

    /// The sub-matrix of the given rows and columns, in the given order.
    package func selecting(rows kept: [Int], columns keptColumns: [Int]) -> DenseMatrix {
        var m = DenseMatrix(rows: kept.count, columns: keptColumns.count)
        for (i, row) in kept.enumerated() {
            for (j, column) in keptColumns.enumerated() { m[i, j] = self[row, column] }
        }
        return m
    }

    /// √Σ mᵢⱼ².
    package var frobeniusNorm: Double { elements.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// AᵀA, both triangles filled.
    package var gram: DenseMatrix {
        LinearAlgebraLibrary.prepare()
        var g = DenseMatrix(rows: columns, columns: columns)
        guard rows > 0, columns > 0 else { return g }
        let width = columns
        cblas_dsyrk(
            CblasRowMajor, CblasLower, CblasTrans, Int32(columns), Int32(rows), 1, elements, Int32(columns),
            0,
            &g.elements, Int32(columns))
        for i in 0..<width {
            for j in 0..<i { g.elements[j * width + i] = g.elements[i * width + j] }
        }
        return g
    }

    /// Aᵀ v.
    package func transposeTimes(_ v: [Double]) -> [Double] {
        precondition(v.count == rows, "\(v.count) entries for \(rows) rows")
        return product(v, transposed: true)
    }

    package static func * (a: DenseMatrix, b: DenseMatrix) -> DenseMatrix {
        precondition(a.columns == b.rows, "\(a.rows) × \(a.columns) times \(b.rows) × \(b.columns)")
        LinearAlgebraLibrary.prepare()
        var c = DenseMatrix(rows: a.rows, columns: b.columns)
        guard a.rows > 0, b.columns > 0, a.columns > 0 else { return c }
        cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(a.rows), Int32(b.columns), Int32(a.columns), 1,
            a.elements, Int32(a.columns), b.elements, Int32(b.columns), 0, &c.elements, Int32(b.columns))
        return c
    }

    package static func * (a: DenseMatrix, v: [Double]) -> [Double] {
        precondition(v.count == a.columns, "\(v.count) entries for \(a.columns) columns")
        return a.product(v, transposed: false)
    }

    package static func * (s: Double, a: DenseMatrix) -> DenseMatrix {
        DenseMatrix(rows: a.rows, columns: a.columns, elements: a.elements.map { s * $0 })
    }

    package static func + (a: DenseMatrix, b: DenseMatrix) -> DenseMatrix {
        precondition(a.rows == b.rows && a.columns == b.columns, "matrices of unequal shape")
        return DenseMatrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map(+))
    }

    package static func - (a: DenseMatrix, b: DenseMatrix) -> DenseMatrix {
        precondition(a.rows == b.rows && a.columns == b.columns, "matrices of unequal shape")
        return DenseMatrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map(-))
    }

    private func product(_ v: [Double], transposed: Bool) -> [Double] {
        LinearAlgebraLibrary.prepare()
        var result = [Double](repeating: 0, count: transposed ? columns : rows)
        guard rows > 0, columns > 0 else { return result }
        cblas_dgemv(
            CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), 1, elements,
            Int32(columns), v, 1, 0, &result, 1)
        return result
    }
}
