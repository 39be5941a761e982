import Crystallography
import NumericalMethods
import Symmetry

extension Displacement {
    /// On other axes, x' = P x: ⟨u uᵀ⟩ in fractional components is U_ij a*ᵢ a*ⱼ, and goes as P · Pᵀ.
    func transformed(by matrix: Matrix3, from old: Lattice, to new: Lattice) -> Displacement {
        guard case .anisotropic(let u) = self else { return self }
        let before = Matrix3(diagonal: old.reciprocal.lengths)
        let after = Matrix3(diagonal: SIMD3(repeating: 1) / new.reciprocal.lengths)
        return .anisotropic(u: after * matrix * before * u * before * matrix.transpose * after)
    }

    /// U' = R U Rᵀ for contravariant components of a fractional-coordinate operation, with U_ij on a*ᵢ and equal
    /// cell lengths along axes that the operation exchanges, as in every tabulated setting.
    func moved(by operation: SymmetryOperation) -> Displacement {
        guard case .anisotropic(let u) = self else { return self }
        let r = Matrix3(operation.rotation)
        return .anisotropic(u: r * u * r.transpose)
    }

    /// The mean of the displacements that are of the first one's kind; nil where there is none.
    static func mean(_ all: [Displacement]) -> Displacement? {
        switch all.first {
        case nil: return nil
        case .isotropic:
            let values = all.compactMap { if case .isotropic(let b) = $0 { b } else { nil } }
            return .isotropic(b: values.reduce(0, +) / Double(values.count))
        case .anisotropic:
            let tensors = all.compactMap { if case .anisotropic(let u) = $0 { u } else { nil } }
            return .anisotropic(u: (1 / Double(tensors.count)) * tensors.reduce(.zero, +))
        }
    }

    /// What a site's rotations leave of it (Peterse & Palm 1966).
    func averaged(over site: SiteSymmetry) -> Displacement {
        guard case .anisotropic(let u) = self, site.order > 1 else { return self }
        return .anisotropic(u: DisplacementConstraint.average(u, over: site.rotations))
    }
}
