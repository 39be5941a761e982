/// Every number beside the tolerances that decides whether and how two structures are laid on one another
/// (Docs/Settings.md lists them).
package struct MatchSettings: Codable, Sendable, Hashable {
    /// Atoms of a common cell at most: beyond, two structures without a common cell of that size do not match.
    package var mostAtoms = 1000
    /// Factor of `MatchTolerances.primitive` in the larger of two cells that are found with different numbers of atoms.
    package var looserPrimitive = 1.4
    /// Å; deviations from the averaged cell below this are the rounding of files, not a superstructure.
    package var superstructure = 1e-4
    /// Å; atoms that are merged in a cell that is compared as it stands are no farther apart.
    package var undivided = 1e-3
    /// Cells of the smaller structure's lattice that are held against the larger's where none agrees within the tolerances, the
    /// likest edges first.
    package var largerCells = 24
    /// Factor of the least strain within which mappings tie.
    package var tiedStrain = 1.001
    /// Of the site tolerance: pairs of atoms farther apart are none while a match is looked for.
    package var pairReach = 2.0
    /// Share of (V/N)^⅓; rms displacement at which a better mapping is not looked for.
    package var exact = 1e-7
    /// A structure described as another is.
    package var description = Description()
    /// When a structure is recovered, and not merely like the reference.
    package var recovery = Recovery()

    /// With the values that Docs/Settings.md lists.
    package init() {}

    /// A structure described as another is (`EquivalentDescription`, `ReducedStructure.described(like:)`).
    package struct Description: Codable, Sendable, Hashable {
        /// Share of a length within which two lattices of an unknown group are one.
        package var length = 0.03
        /// Degrees within which they are.
        package var angle = 3.0
        /// Å, rms, at which a better description is not looked for.
        package var exact = 1e-9
        /// Å from its position within which a representative is on it.
        package var position = 1e-3
        /// Å within which every atom must have arrived at its partner's image.
        package var arrival = 0.01

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }

    /// When a structure is recovered, and not merely like the reference (`ExactRecovery`).
    package struct Recovery: Codable, Sendable, Hashable {
        /// Share of a length by which the cells may differ.
        package var length = 1e-3
        /// Degrees by which they may.
        package var angle = 0.1
        /// Å, rms over all atoms, below which the atoms are the reference's.
        package var rms = 0.01

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }
}
