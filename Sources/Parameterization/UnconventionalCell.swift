import Crystallography
import NumericalMethods
import Symmetry

/// A cell that is not the one of its space group's tabulated setting: a supercell, a primitive or sheared cell, one
/// turned in space, or about another origin (ITA Vol. A, 1.5.1).
///
/// Its structure is described in the setting, where parameters have the names that tables give them, and given out
/// in this cell.
package struct UnconventionalCell: Sendable, Hashable {
    /// P in x_setting = P · x_cell + p: its columns are the cell's vectors on the setting's.
    package let matrix: Matrix3
    /// p.
    package let originShift: SIMD3<Double>
    /// T in L_cell = Pᵀ · L_setting · T, orthogonal: how the cell is turned from the setting's lattice with a along x
    /// and b in the xy plane.
    package let orientation: Matrix3
    /// P⁻¹.
    let inverse: Matrix3

    /// `matrix` must be invertible.
    package init(matrix: Matrix3, originShift: SIMD3<Double> = .zero, orientation: Matrix3 = .identity) {
        self.matrix = matrix
        self.originShift = originShift
        self.orientation = orientation
        inverse = matrix.inverse
    }

    /// The cell in which a symmetry was found; the setting is that of `found.spaceGroup`.
    package init(of found: FoundSymmetry) {
        self.init(
            matrix: found.transformation, originShift: found.originShift,
            orientation: Self.turn(of: found.idealLattice))
    }

    /// From the lattice with a along x and b in the xy plane to this one of the same metric.
    static func turn(of lattice: Lattice) -> Matrix3 {
        Lattice(metric: lattice.metric).vectors.inverse * lattice.vectors
    }

    /// The cell and origin are the setting's, at most turned in space.
    package var isOwnSetting: Bool {
        (matrix - .identity).frobeniusNorm < 1e-9 && originShift.length < 1e-9
    }

    /// How many cells of the setting have the volume of this one: 1/4 for the primitive cell of an F setting.
    package var volumeRatio: Double { abs(matrix.determinant) }

    /// The nearest lattice in this cell, given the setting's.
    package func lattice(of setting: Lattice) -> Lattice {
        Lattice(vectors: matrix.transpose * setting.vectors * orientation)
    }

    /// The setting's lattice, turned as this cell is, given the cell's.
    package func settingLattice(of lattice: Lattice) -> Lattice {
        Lattice(vectors: inverse.transpose * lattice.vectors)
    }

    package func toSetting(_ position: SIMD3<Double>) -> SIMD3<Double> { matrix * position + originShift }

    package func fromSetting(_ position: SIMD3<Double>) -> SIMD3<Double> {
        inverse * (position - originShift)
    }
}
