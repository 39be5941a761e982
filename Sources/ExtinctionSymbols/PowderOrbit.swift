import Diffraction
import NumericalMethods
import Symmetry

/// The reflections that stand at one place of a powder pattern whatever the cell's free parameters: an orbit of the
/// lattice's holohedry.
package struct PowderOrbit: Sendable, Hashable {
    /// The member with the largest (h, k, l).
    package let index: SIMD3<Int>
    /// All members, Friedel mates included.
    package let members: [SIMD3<Int>]

    /// - Parameter rotations: of the holohedry, with the inversion.
    package init(of h: SIMD3<Int>, under rotations: [IntegerMatrix3]) {
        let images = Set(rotations.map { h * $0 })
        members = images.sorted { ($0.x, $0.y, $0.z) > ($1.x, $1.y, $1.z) }
        index = members[0]
    }

    /// No member is left by some conditions.
    package func isAbsent(under conditions: ReflectionConditions) -> Bool {
        members.allSatisfy { conditions.isAbsent($0) }
    }

    /// Members that some conditions leave.
    package func present(under conditions: ReflectionConditions) -> Int {
        members.count { !conditions.isAbsent($0) }
    }
}
