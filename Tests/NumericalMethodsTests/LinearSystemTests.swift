import NumericalMethods
import Testing

@Suite("Linear systems") struct LinearSystemTests {
    @Test("A x = b is solved back, whatever the order of the pivots")
    func solvesBack() throws {
        for (seed, count) in [1, 2, 3, 8, 20].enumerated() {
            var random = RandomStream(seed: UInt64(seed))
            var a = DenseMatrix(rows: count, columns: count)
            for i in 0..<count { for j in 0..<count { a[i, j] = random.uniform(-1, 1) } }
            // A zero in the corner asks for an exchange of rows.
            if count > 1 { a[0, 0] = 0 }
            let x = (0..<count).map { _ in random.uniform(-1, 1) }
            let b = (0..<count).map { i in (0..<count).reduce(0.0) { $0 + a[i, $1] * x[$1] } }
            let solved = try a.solve(b)
            for (one, other) in zip(x, solved) { #expect(abs(one - other) < 1e-9) }
        }
    }

    @Test("a singular matrix, another shape and no number are errors")
    func errors() throws {
        let zero = DenseMatrix(rows: 2, columns: 2)
        #expect(throws: LinearAlgebraError.singular(pivot: 0)) { try zero.solve([1, 2]) }
        #expect(throws: LinearAlgebraError.self) { try zero.solve([1]) }
        #expect(throws: LinearAlgebraError.self) { try DenseMatrix(rows: 2, columns: 3).solve([1, 2]) }
        #expect(try DenseMatrix(rows: 0, columns: 0).solve([]) == [])
    }
}
