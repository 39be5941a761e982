import Crystallography
import Foundation
import NumericalMethods
import Symmetry

extension CrystalStructure {
    /// The same crystal on another basis and origin, x' = P x + p: atoms in [0, 1)³, copies added or dropped as the
    /// new cell is larger or smaller. In the order of the atoms, copies of an atom together.
    ///
    /// The new basis vectors must be lattice translations of the crystal, or combinations of the old ones.
    public func transformed(by change: ChangeOfBasis, tolerance: Double = 1e-3) -> CrystalStructure {
        let newLattice = change.apply(to: lattice)
        // Cells of the old lattice that meet the new one.
        let corners = change.cellVectors
        var low = SIMD3<Int>(repeating: 0)
        var high = SIMD3<Int>(repeating: 0)
        for corner in 0..<8 {
            var point = SIMD3<Double>.zero
            for axis in 0..<3 where corner >> axis & 1 == 1 { point += corners[axis] }
            low = pointwiseMin(low, SIMD3<Int>(point.rounded(.down)))
            high = pointwiseMax(high, SIMD3<Int>(point.rounded(.up)))
        }
        let origin = SIMD3<Int>(change.inverse.shift.rounded(.down))
        // One of the old translations for each that differ modulo the new cell, exactly: P n over its denominator.
        var shifts: [SIMD3<Double>] = []
        var seen: Set<SIMD3<Int>> = []
        for i in (low.x - 1)...(high.x + 1) {
            for j in (low.y - 1)...(high.y + 1) {
                for k in (low.z - 1)...(high.z + 1) {
                    let cell = origin &+ SIMD3(i, j, k)
                    let image = (change.numerators * cell) % SIMD3(repeating: change.denominator)
                    let key = image.replacing(with: image &+ change.denominator, where: image .< 0)
                    if seen.insert(key).inserted { shifts.append(SIMD3<Double>(cell)) }
                }
            }
        }
        let copies = sites.flatMap { site in
            let displacement = site.displacement?.transformed(
                by: change.matrix, from: lattice, to: newLattice)
            return shifts.map { shift in
                Site(
                    label: site.label, occupants: site.occupants,
                    position: change.apply(to: site.position.wrapped + shift).wrapped,
                    displacement: displacement)
            }
        }
        // Two atoms of the old cell may be one that a translation of the new, smaller cell relates.
        let result = copies.distinct(in: newLattice, within: tolerance)
        return CrystalStructure(title: title, lattice: newLattice, sites: result)
    }
}

extension ReducedStructure {
    /// The same crystal as a structure of a subgroup: what the group held fixed and the subgroup does not is now a
    /// parameter. An axis outside the group is freed so.
    ///
    /// - Parameters:
    ///   - subgroup: of this structure's space group, in this setting.
    ///   - tolerance: Å; the structure has the symmetry exactly, so it is for rounding only.
    /// - Throws: `ReductionError.missingImage` for a subgroup of another group.
    public func inSubgroup(
        _ subgroup: Subgroup, tolerance: Double = 1e-4
    ) throws(ReductionError) -> ReducedStructure {
        try ReducedStructure(
            reducing: expanded().transformed(by: subgroup.transformation, tolerance: tolerance),
            in: subgroup.spaceGroup, tolerance: tolerance)
    }
}
