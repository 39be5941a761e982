/// min ‖A x − y‖² with x ≥ 0, from the normal equations G = AᵀA and b = Aᵀy.
///
/// Block principal pivoting (Júdice & Pires 1994; Kim & Park, SIAM J. Sci. Comput. 33 (2011) 3261): sets of
/// unknowns change sides together, with Murty's single exchanges as the safeguard that ends every cycle; a few
/// Cholesky factorisations solve what Lawson & Hanson's exchange of one unknown at a time solves in hundreds.
package struct NonNegativeLeastSquares: Sendable {
    package let solution: [Double]
    /// Indices of the unknowns that are free (solution > 0), ascending: a good start for the next problem.
    package let positive: [Int]
    /// How many factorisations it took.
    package let factorizations: Int

    /// - Parameters:
    ///   - gram: G, n × n, positive semidefinite.
    ///   - rightSide: b, n.
    ///   - start: unknowns believed positive; from the solution of a similar problem.
    ///   - ridge: added to the diagonal as a share of each entry (plus 1e-3 of that share of the largest), so
    ///     that columns that coincide share their weight evenly instead of making G singular.
    package init(
        gram: DenseMatrix, rightSide: [Double], start: [Int] = [], ridge: Double = 1e-11
    ) throws(LinearAlgebraError) {
        let n = rightSide.count
        guard gram.rows == n, gram.columns == n else {
            throw .shape("\(gram.rows) × \(gram.columns) matrix, right-hand side of \(n)")
        }
        let largest = gram.diagonal.max() ?? 0
        guard largest.isFinite, rightSide.allSatisfy(\.isFinite) else { throw .notFinite }
        // Unknowns without any weight stay zero.
        let usable = (0..<n).filter { gram[$0, $0] > 1e-300 + 1e-18 * largest }
        var isPositive = [Bool](repeating: false, count: n)
        for i in start where usable.contains(i) { isPositive[i] = true }
        let scale = usable.map { gram[$0, $0].squareRoot() }
        let gradientScale = usable.enumerated().reduce(0.0) {
            max($0, abs(rightSide[$1.element]) / scale[$1.offset])
        }
        let tolerance = 1e-11 * gradientScale

        var x = [Double](repeating: 0, count: n)
        var gradient = [Double](repeating: 0, count: n)
        var count = 0
        var fewest = n + 1
        var blockTriesLeft = 3
        let limit = 30 * n + 30
        while true {
            let free = usable.filter { isPositive[$0] }
            var sub = gram.selecting(rows: free, columns: free)
            for i in free.indices { sub[i, i] += ridge * (sub[i, i] + 1e-3 * largest) }
            let values = try Self.solve(sub, free.map { rightSide[$0] })
            count += 1
            for i in 0..<n { x[i] = 0 }
            for (k, i) in free.enumerated() { x[i] = values[k] }
            for (k, i) in usable.enumerated() where !isPositive[i] {
                var sum = 0.0
                for (m, j) in free.enumerated() { sum += gram[i, j] * values[m] }
                gradient[k] = (sum - rightSide[i]) / scale[k]
            }
            let wrong = usable.indices.filter { k in
                let i = usable[k]
                return isPositive[i] ? x[i] * scale[k] < -tolerance : gradient[k] < -tolerance
            }
            if wrong.isEmpty || count >= limit { break }
            if wrong.count < fewest {
                fewest = wrong.count
                blockTriesLeft = 3
            } else {
                blockTriesLeft -= 1
            }
            if blockTriesLeft >= 0 {
                for k in wrong { isPositive[usable[k]].toggle() }
            } else if let last = wrong.last {
                isPositive[usable[last]].toggle()
            }
        }
        guard count < limit else { throw .noConvergence(routine: "non-negative least squares") }
        solution = x.map { max($0, 0) }
        positive = (0..<n).filter { x[$0] > 0 }
        factorizations = count
    }

    private static func solve(_ matrix: DenseMatrix, _ b: [Double]) throws(LinearAlgebraError) -> [Double] {
        if b.isEmpty { return [] }
        do {
            return try Cholesky(matrix).solve(b)
        } catch .notPositiveDefinite {
            return try SingularValueDecomposition(matrix).solve(b, tolerance: 1e-13)
        }
    }
}
