import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// One anisotropic displacement that a site's symmetry leaves free, named by the first component that it moves.
struct DisplacementDirection: Sendable, Hashable {
    /// `U11`, `U22`, `U33`, `U23`, `U13` or `U12`.
    let name: String
    /// Where `matrix` is 1: the named component.
    let row: Int
    let column: Int
    /// ∂U/∂(the named component), symmetric.
    let matrix: Matrix3

    private static let components = [
        ("U11", 0, 0), ("U22", 1, 1), ("U33", 2, 2), ("U23", 1, 2), ("U13", 0, 2), ("U12", 0, 1),
    ]

    /// An integer basis of the tensors with R U Rᵀ = U for every R of the site's stabilizer.
    ///
    /// U stands on the unit vectors' reciprocal lengths, so that the condition holds for U itself only where a
    /// rotation maps axes of equal reciprocal length on each other, as every crystallographic one in a conventional
    /// setting does.
    static func free(at site: SiteSymmetry) -> [DisplacementDirection] {
        InvariantMetric.reciprocalBasis(of: site.stabilizer).compactMap { tensor in
            guard let (name, row, column) = components.first(where: { tensor[$0.1, $0.2] != 0 }) else {
                return nil
            }
            return DisplacementDirection(
                name: name, row: row, column: column,
                matrix: (1 / Double(tensor[row, column])) * Matrix3(tensor))
        }
    }

    /// The mean of U over the site's stabilizer.
    static func symmetrized(_ u: Matrix3, at site: SiteSymmetry, lattice: Lattice) -> Matrix3 {
        let lengths = lattice.reciprocal.lengths
        let scale = Matrix3(diagonal: lengths)
        let inverse = Matrix3(diagonal: 1 / lengths)
        let beta = scale * u * scale
        var sum = Matrix3.zero
        for operation in site.stabilizer {
            let r = Matrix3(operation.rotation)
            sum = sum + r * beta * r.transpose
        }
        return (1 / Double(max(site.stabilizer.count, 1))) * (inverse * sum * inverse)
    }

    /// Σ over independent components of gradient · direction.
    func contracted(with gradient: Matrix3) -> Double {
        Self.components.reduce(0) { $0 + gradient[$1.1, $1.2] * matrix[$1.1, $1.2] }
    }

    /// The independent components, in the order of their names.
    static let positions = components.map { (row: $0.1, column: $0.2) }
}
