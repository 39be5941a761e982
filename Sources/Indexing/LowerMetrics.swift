import Crystallography
import NumericalMethods
import Symmetry

/// The Bravais types of next lower symmetry that a lattice is a special case of: what a lattice of 90.1° is taken for by its lines.
///
/// The holohedries' maximal subgroups that are lattices' own (ITA A, section 3.1.3), one of each set that the higher symmetry makes equal.
package struct LowerMetrics: Sendable {
    package struct Member: Sendable {
        package var lattice: BravaisLattice
        /// Conventional, in the setting of `BravaisLattice.centring`; b unique where it is monoclinic.
        package var cell: Lattice
    }

    /// By how much lengths are made unequal, as a share, and angles, in degrees, so that lines which fell together are told apart: where they coincide
    /// a fit with free intensities has no slope.
    package var strain = (length: 1e-3, angle: 0.1)

    package init() {}

    /// - Parameter cell: conventional.
    package func members(of lattice: BravaisLattice, _ cell: Lattice) -> [Member] {
        Self.bases(of: lattice).map { lower, rows in
            Member(lattice: lower, cell: strained(Lattice(vectors: rows * cell.vectors), lower.family))
        }
    }

    private func strained(_ cell: Lattice, _ family: CrystalFamily) -> Lattice {
        let (more, less) = (1 + strain.length, 1 - strain.length)
        var (l, angles) = (cell.lengths, cell.angles)
        switch family {
        case .cubic: break
        case .tetragonal, .hexagonal: l.z *= more
        case .orthorhombic: l *= SIMD3(more, less, 1)
        case .monoclinic: angles.y += strain.angle
        case .triclinic: angles += SIMD3(strain.angle, strain.angle, -strain.angle)
        }
        return Lattice(a: l.x, b: l.y, c: l.z, alpha: angles.x, beta: angles.y, gamma: angles.z)
    }

    /// Rows: the lower type's axes on those of the lattice.
    package static func bases(of lattice: BravaisLattice) -> [(lattice: BravaisLattice, rows: Matrix3)] {
        func rows(_ a: [Double], _ b: [Double], _ c: [Double], over n: Double = 1) -> Matrix3 {
            Matrix3(
                rows: SIMD3(a[0], a[1], a[2]) / n, SIMD3(b[0], b[1], b[2]) / n, SIMD3(c[0], c[1], c[2]) / n)
        }
        let same = Matrix3.identity
        let diagonal = rows([1, 1, 0], [-1, 1, 0], [0, 0, 1])
        let halfDiagonal = rows([0.5, 0.5, 0], [-0.5, 0.5, 0], [0, 0, 1])
        return switch lattice {
        case .cF: [(.tI, halfDiagonal), (.hR, rows([-0.5, 0.5, 0], [0, -0.5, 0.5], [1, 1, 1]))]
        case .cI: [(.tI, same), (.hR, rows([-1, 1, 0], [0, -1, 1], [0.5, 0.5, 0.5]))]
        case .cP: [(.tP, same), (.hR, rows([1, -1, 0], [0, 1, -1], [1, 1, 1]))]
        case .hR: [(.mC, rows([1, 2, 2], [-3, 0, 0], [-1, -2, 1], over: 3))]
        case .hP: [(.oC, rows([1, 0, 0], [1, 2, 0], [0, 0, 1]))]
        case .tI: [(.oI, same), (.oF, diagonal)]
        case .tP: [(.oP, same), (.oC, diagonal)]
        case .oF:
            [
                (.mC, rows([1, 0, 0], [0, 1, 0], [0.5, 0, 0.5])),
                (.mC, rows([0, 1, 0], [0, 0, 1], [0.5, 0.5, 0])),
                (.mC, rows([0, 0, 1], [1, 0, 0], [0, 0.5, 0.5])),
            ]
        case .oI:
            [
                (.mC, rows([-1, 0, -1], [0, 1, 0], [1, 0, 0])),
                (.mC, rows([-1, -1, 0], [0, 0, 1], [0, 1, 0])),
                (.mC, rows([0, -1, -1], [1, 0, 0], [0, 0, 1])),
            ]
        case .oC:
            [
                (.mC, same), (.mC, rows([0, -1, 0], [1, 0, 0], [0, 0, 1])),
                (.mP, rows([-0.5, 0.5, 0], [0, 0, 1], [0.5, 0.5, 0])),
            ]
        case .oP:
            [
                (.mP, same), (.mP, rows([0, 1, 0], [0, 0, 1], [1, 0, 0])),
                (.mP, rows([0, 0, 1], [1, 0, 0], [0, 1, 0])),
            ]
        case .mC: [(.aP, halfDiagonal)]
        case .mP: [(.aP, same)]
        case .aP: []
        }
    }
}
