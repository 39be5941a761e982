import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

/// Whether a structure that moved inside its group still has it: asked of the plain list of its atoms.
package struct GroupVerification: Sendable, Hashable {
    /// Å, within which the group is verified: above rounding, below any distortion that matters.
    package static let tolerance = 1e-5

    /// Whether every operation of the group maps the structure on itself.
    package var isHeld: Bool
    /// The group that is found again: the same, or one above it.
    package var found: SpaceGroup

    package init(isHeld: Bool, found: SpaceGroup) { (self.isHeld, self.found) = (isHeld, found) }

    /// - Throws: `SymmetryFinderError` where the atoms of the structure coincide.
    package static func of(_ relaxed: ReducedStructure) throws -> GroupVerification {
        let expanded = relaxed.expanded()
        return GroupVerification(
            isHeld: holds(relaxed.spaceGroup, relaxed, expanded),
            found: try SymmetryFinder.find(in: expanded, tolerance: tolerance).spaceGroup)
    }

    /// Whether the operations map the list of atoms and the lattice on themselves: asked of the plain list, on the
    /// setting's axes.
    private static func holds(
        _ group: SpaceGroup, _ relaxed: ReducedStructure, _ expanded: CrystalStructure
    ) -> Bool {
        let setting = Lattice(metric: relaxed.orientedSetting.metric)
        let cell = relaxed.cell ?? UnconventionalCell(matrix: .identity)
        let points = expanded.sites.map { cell.toSetting($0.position) }
        let again = expanded.sites.indices.allSatisfy { atom in
            group.operations.allSatisfy { operation in
                let image = operation.apply(to: points[atom])
                return expanded.sites.indices.contains {
                    expanded.sites[$0].occupants == expanded.sites[atom].occupants
                        && setting.length((image - points[$0]).nearestImage(in: group)) < tolerance
                }
            }
        }
        return again && setting.isInvariant(under: group, within: tolerance)
    }
}

extension Lattice {
    /// Whether every rotation of the group keeps the lengths of the lattice vectors within a distance in Å.
    func isInvariant(under group: SpaceGroup, within tolerance: Double) -> Bool {
        let basis = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0), SIMD3(1.0, 1, 1)]
        return group.operations.allSatisfy { operation in
            basis.allSatisfy { abs(length(Matrix3(operation.rotation) * $0) - length($0)) < tolerance }
        }
    }
}

extension SIMD3 where Scalar == Double {
    /// The difference (fractional, in the setting) less a translation of the setting, centring included, nearest to it.
    fileprivate func nearestImage(in group: SpaceGroup) -> SIMD3<Double> {
        group.centring.vectors.map {
            (self - SIMD3<Double>($0) / Double(SymmetryOperation.denominator)).nearestImage
        }.min { $0.dot($0) < $1.dot($1) } ?? nearestImage
    }
}
