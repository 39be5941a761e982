import Crystallography
import NumericalMethods
import Symmetry

extension ReducedStructure {
    /// The same structure about an origin on a centre of inversion, where the group has two tabulated origins and this is
    /// the other one; itself elsewhere.
    ///
    /// The shift follows from the operations of the two settings alone, so that atoms of higher symmetry do no harm.
    ///
    /// - Throws: `ReductionError` where the atoms do not follow, which an exact structure's do.
    public func withOriginOnCentre() throws(ReductionError) -> ReducedStructure {
        let target = spaceGroup.withOriginOnCentre
        guard target != spaceGroup, cell == nil,
            let shift = Self.originShift(from: spaceGroup, to: target)
        else { return self }
        var structure = expanded()
        for index in structure.sites.indices {
            structure.sites[index].position = (structure.sites[index].position + shift).wrapped
        }
        return try ReducedStructure(reducing: structure, in: target)
    }

    /// What is added to coordinates of one setting to have those of another on the same axes: x′ = x + s turns W x + w into
    /// W x′ + w + s − W s. Tabulated origins lie at multiples of 1/8.
    private static func originShift(from group: SpaceGroup, to target: SpaceGroup) -> SIMD3<Double>? {
        let wanted = Set(target.operations.map(\.wrapped))
        let eighth = SymmetryOperation.denominator / 8
        for index in 0..<512 {
            let shift = SIMD3(index % 8, index / 8 % 8, index / 64) &* eighth
            let isReached = group.operations.allSatisfy { operation in
                let translation = operation.translation &+ shift &- operation.rotation * shift
                return wanted.contains(
                    SymmetryOperation(rotation: operation.rotation, translation: translation).wrapped)
            }
            if isReached { return SIMD3<Double>(shift) / Double(SymmetryOperation.denominator) }
        }
        return nil
    }
}
