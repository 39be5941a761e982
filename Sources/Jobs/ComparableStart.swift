import Crystallography
import Matching
import Parameterization
import Recovery

/// The start as it is read beside what came of it: in the same setting, about the same origin, under the same labels.
package enum ComparableStart {
    /// Lengths and angles that are nearer to one another than these are of one cell, and not of another setting's or a part's.
    private static let sameLength = 0.15
    /// Degrees.
    private static let sameAngle = 10.0
    /// Of a cell that a group holds without change, as a share.
    private static let rounding = 1e-9

    /// - Parameter lattice: of the start as it was given.
    package static func structure(of result: PowderResult, given lattice: Lattice) -> ReducedStructure {
        var start = result.start
        let asked = LatticeParameters(of: lattice, in: start.spaceGroup)
        // A search in a family begins with the cell that it found; the reader knows the one that was given.
        if !isAlike(start.latticeParameters, asked, rounding, rounding),
            isAlike(start.latticeParameters, asked, sameLength, sameAngle)
        {
            start.latticeParameters = asked
        }
        guard start.spaceGroup == result.structure.spaceGroup else { return start }
        return start.described(like: result.structure)
    }

    private static func isAlike(
        _ a: LatticeParameters, _ b: LatticeParameters, _ length: Double, _ angle: Double
    ) -> Bool {
        let pairs = zip(a.cell, b.cell)
        return pairs.prefix(3).allSatisfy { abs($0 - $1) <= length * $1 }
            && pairs.dropFirst(3).allSatisfy { abs($0 - $1) <= angle }
    }
}
