import Crystallography
import Symmetry

extension ReducedStructure {
    /// A structure reduced in the first tabulated setting of the group that it has within a tolerance, its coordinates
    /// enforced: finding, standardizing and reducing in one step.
    ///
    /// - `tolerance`: Å, how far atoms may be from the symmetry.
    /// - Throws: `ReductionError.symmetry` where no group can be found or enforced.
    public init(of structure: CrystalStructure, tolerance: Double) throws(ReductionError) {
        let found: FoundSymmetry
        do throws(SymmetryFinderError) {
            found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        } catch {
            throw .symmetry(error)
        }
        try self.init(of: structure, found)
    }

    /// The same with the symmetry found already.
    public init(of structure: CrystalStructure, _ found: FoundSymmetry) throws(ReductionError) {
        let standard: StandardizedStructure
        do throws(SymmetryFinderError) {
            standard = try SymmetryFinder.standardize(structure, found)
        } catch {
            throw .symmetry(error)
        }
        try self.init(reducing: standard.structure, in: found.spaceGroup)
    }
}
