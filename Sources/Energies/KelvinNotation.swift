import NumericalMethods

/// Symmetric tensors as vectors of six (xx yy zz √2 yz √2 xz √2 xy): lengths are those of the tensors, so that a rotation of space is an
/// orthogonal matrix of six rows.
package enum KelvinNotation {
    /// The components in Voigt's order.
    package static let pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    /// What Voigt's components of a stress are multiplied by.
    package static let weights = pairs.map { $0.0 == $0.1 ? 1 : 2.0.squareRoot() }

    /// A symmetric tensor's vector.
    package static func vector(_ tensor: Matrix3) -> [Double] {
        zip(pairs, weights).map { ($1 / 2) * (tensor[$0.0, $0.1] + tensor[$0.1, $0.0]) }
    }

    /// And back.
    package static func tensor(_ vector: [Double]) -> Matrix3 {
        var result = Matrix3.zero
        for (k, (i, j)) in pairs.enumerated() {
            result[i, j] = vector[k] / weights[k]
            result[j, i] = result[i, j]
        }
        return result
    }

    /// What T ↦ R T Rᵀ is on vectors.
    package static func rotation(_ rotation: Matrix3) -> DenseMatrix {
        DenseMatrix(
            (0..<6).map { k -> [Double] in
                var unit = [Double](repeating: 0, count: 6)
                unit[k] = 1
                return vector(rotation * tensor(unit) * rotation.transpose)
            }
        ).transpose
    }

    /// D m D with the diagonal matrix D of the factors.
    package static func scaled(_ matrix: DenseMatrix, by factors: [Double]) -> DenseMatrix {
        var result = matrix
        for i in 0..<6 { for j in 0..<6 { result[i, j] *= factors[i] * factors[j] } }
        return result
    }
}
