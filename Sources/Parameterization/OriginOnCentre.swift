import Crystallography
import Symmetry

extension ReducedStructure {
    /// The same structure about an origin on a centre of inversion, where the group has two tabulated origins and this is
    /// the other one; itself elsewhere.
    ///
    /// - Throws: where the atoms do not follow, which an exact structure's do.
    public func withOriginOnCentre() throws -> ReducedStructure {
        let target = spaceGroup.withOriginOnCentre
        guard target != spaceGroup else { return self }
        // The symmetry is exact: any tolerance below the atoms' distances finds it.
        let structure = expanded()
        let found = try SymmetryFinder.find(
            in: structure, tolerance: Self.exactness, hallNumber: target.hallNumber)
        let standard = try SymmetryFinder.standardize(
            structure, found, cell: .setting(hallNumber: target.hallNumber))
        return try ReducedStructure(reducing: standard.structure, in: target)
    }

    /// Å.
    private static let exactness = 1e-4
}
