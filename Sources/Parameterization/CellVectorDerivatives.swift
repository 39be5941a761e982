import Crystallography
import NumericalMethods

extension ReducedStructure {
    /// ∂(cell vectors as rows, Å)/∂(free lattice parameter) of the cell that `expanded()` gives, in Å/Å and Å/degree, at
    /// fixed fractional coordinates; one for each of `latticeParameters.names`.
    ///
    /// The setting's vectors are the lower triangular root of the metric, G = L Lᵀ, so that
    /// dL = L Φ(L⁻¹ dG L⁻ᵀ), Φ keeping the lower triangle and half of the diagonal; the cell's are Pᵀ L T.
    package var cellVectorDerivatives: [Matrix3] {
        let vectors = lattice.vectors
        let inverse = vectors.inverse
        return latticeParameters.metricDerivatives.map { derivative in
            var half = inverse * derivative * inverse.transpose
            for row in 0..<3 {
                half[row, row] /= 2
                for column in (row + 1)..<3 { half[row, column] = 0 }
            }
            let moved = vectors * half
            return cell.map { $0.matrix.transpose * moved * $0.orientation } ?? moved
        }
    }
}
