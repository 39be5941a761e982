import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// What is known of a lattice before its lines are assigned: a Gaussian over the free components p of the
/// reciprocal metric, G* = Σ pₖ Bₖ, so that Q_hkl = 1/d² = A_hkl · p is linear.
package struct CellPrior: Sendable {
    /// Integer basis Bₖ of the reciprocal metrics that the group's rotations leave invariant.
    package let basis: [IntegerMatrix3]
    /// Å⁻².
    package let mean: [Double]
    /// Row-major, count × count.
    package let covariance: [Double]

    /// The number of free lattice parameters.
    package var count: Int { basis.count }

    /// Around `lattice`, with the spread of paper A's distortion of strength `spread`: every entry of the
    /// Cartesian deformation uniform in ±spread, then averaged over the group.
    ///
    /// - Parameter samples: deformations that are drawn for the covariance.
    package init(
        around lattice: Lattice, spread: Double, in spaceGroup: SpaceGroup, seed: UInt64 = 1,
        samples: Int = RecoverySettings.Cell().priorSamples
    ) {
        basis = InvariantMetric.reciprocalBasis(of: spaceGroup.operations)
        let operations = spaceGroup.operations
        let centre = InvariantMetric.average(lattice.metric, over: operations)
        let basis = basis
        mean = Self.components(of: centre.inverse, in: basis)
        let n = basis.count
        var random = RandomStream(seed: seed)
        var sum = [Double](repeating: 0, count: n * n)
        for _ in 0..<samples {
            var s = Matrix3.identity
            for i in 0..<3 {
                for j in 0..<3 { s[i, j] += random.uniform(-spread, spread) }
            }
            let moved = Lattice(vectors: lattice.vectors * s.transpose)
            let metric = InvariantMetric.average(moved.metric, over: operations)
            let p = Self.components(of: metric.inverse, in: basis)
            for i in 0..<n {
                for j in 0..<n { sum[i * n + j] += (p[i] - mean[i]) * (p[j] - mean[j]) }
            }
        }
        covariance = sum.map { $0 / Double(samples) }
    }

    /// The components p of a reciprocal metric that has the symmetry.
    static func components(of metric: Matrix3, in basis: [IntegerMatrix3]) -> [Double] {
        // The basis is in reduced echelon form over (11, 22, 33, 23, 13, 12): its pivots read the components.
        let order = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
        return basis.map { matrix in
            guard let (i, j) = order.first(where: { matrix[$0.0, $0.1] != 0 }) else { return 0 }
            return metric[i, j] / Double(matrix[i, j])
        }
    }

    /// The A of Q = A · p for Miller indices h.
    func coefficients(_ h: SIMD3<Int>) -> [Double] {
        basis.map { Double((h &* ($0 * h)).wrappedSum()) }
    }

    /// nil where the reciprocal metric is not positive definite.
    package func lattice(_ p: [Double]) -> Lattice? {
        var g = Matrix3.zero
        for (value, matrix) in zip(p, basis) { g = g + value * Matrix3(matrix) }
        let metric = g.inverse
        let minor = g[0, 0] * g[1, 1] - g[0, 1] * g[0, 1]
        guard g[0, 0] > 0, minor > 0, g.determinant > 0 else { return nil }
        return Lattice(metric: metric)
    }
}
