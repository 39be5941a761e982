import Crystallography
import Symmetry

/// The crystal-family constraint of Segal et al. (2025): equal lengths become their arithmetic mean, fixed angles
/// their value; monoclinic with unique axis b.
package struct FamilyProjection: Sendable {
    package let family: CrystalFamily

    package init(_ family: CrystalFamily) { self.family = family }

    /// a, b, c in Å, α, β, γ in degrees.
    package func callAsFunction(cell: [Double]) -> [Double] {
        let (a, b, c) = (cell[0], cell[1], cell[2])
        switch family {
        case .cubic:
            let m = (a + b + c) / 3
            return [m, m, m, 90, 90, 90]
        case .hexagonal: return [(a + b) / 2, (a + b) / 2, c, 90, 90, 120]
        case .tetragonal: return [(a + b) / 2, (a + b) / 2, c, 90, 90, 90]
        case .orthorhombic: return [a, b, c, 90, 90, 90]
        case .monoclinic: return [a, b, c, 90, cell[4], 90]
        case .triclinic: return cell
        }
    }

    package func callAsFunction(_ lattice: Lattice) -> Lattice {
        let (l, w) = (lattice.lengths, lattice.angles)
        let cell = self(cell: [l[0], l[1], l[2], w[0], w[1], w[2]])
        return Lattice(a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
    }
}
