/// The inverse of JᵀJ over the directions that the data determine.
package struct Covariance: Sendable, Hashable {
    /// P × P, without the factor χ²/(N − P); rows of undetermined and excluded parameters are zero.
    package let matrix: DenseMatrix
    /// Parameters with a part in a direction along which χ² is flat, ascending.
    package let undetermined: [Int]
    /// nil for undetermined and excluded parameters.
    package let variances: [Double?]

    /// - Parameters:
    ///   - normal: JᵀJ.
    ///   - excluded: parameters that were not free.
    ///   - tolerance: eigenvalues of the unit-diagonal matrix below this share of the largest are flat.
    package init(_ normal: DenseMatrix, excluding excluded: Set<Int> = [], tolerance: Double = 1e-13) {
        let count = normal.rows
        let kept = (0..<count).filter { !excluded.contains($0) }
        var flat = kept.filter { !(normal[$0, $0] > 0) }
        var free = kept.filter { normal[$0, $0] > 0 }
        var result = DenseMatrix(rows: count, columns: count)
        let factors = (0..<count).map { normal[$0, $0] > 0 ? 1 / normal[$0, $0].squareRoot() : 0 }
        var scaled = normal.selecting(rows: free, columns: free)
        for (k, i) in free.enumerated() {
            for (m, j) in free.enumerated() { scaled[k, m] *= factors[i] * factors[j] }
        }
        // A matrix without eigenvalues (one that is not finite) determines nothing.
        if let eigen = try? SymmetricEigen(scaled), let largest = eigen.values.last {
            let flatDirections = eigen.values.indices.filter { eigen.values[$0] <= tolerance * largest }
            let touched = free.indices.filter { k in
                flatDirections.contains { abs(eigen.vectors[k, $0]) > 1e-4 }
            }
            let inverse = eigen.mapped { $0 > tolerance * largest ? 1 / $0 : 0 }
            for (k, i) in free.enumerated() where !touched.contains(k) {
                for (m, j) in free.enumerated() where !touched.contains(m) {
                    result[i, j] = inverse[k, m] * factors[i] * factors[j]
                }
            }
            flat += touched.map { free[$0] }
            free = free.enumerated().filter { !touched.contains($0.offset) }.map(\.element)
        } else {
            flat += free
            free = []
        }
        matrix = result
        undetermined = flat.sorted()
        let determined = Set(free)
        variances = (0..<count).map { determined.contains($0) ? result[$0, $0] : nil }
    }

    /// C_ij/√(C_ii C_jj); zero in the rows of undetermined parameters.
    package var correlations: DenseMatrix {
        var m = matrix
        for i in 0..<m.rows {
            for j in 0..<m.columns {
                let product = matrix[i, i] * matrix[j, j]
                m[i, j] = product > 0 ? matrix[i, j] / product.squareRoot() : 0
            }
        }
        return m
    }
}
