import Crystallography
import Symmetry

extension EnforcedSubgroup {
    /// The ways to lower the symmetry of a structure to a space-group type: translationengleiche subgroups of any
    /// index and klassengleiche ones of index 2 and 3, one for each class of conjugate subgroups.
    ///
    /// Of conjugate subgroups, which differ in orientation or origin alone, the one is taken that moves the atoms
    /// least. In the order of the index, then of the displacement.
    public static func ways(
        to number: Int, of structure: CrystalStructure, found: FoundSymmetry
    ) throws(ReductionError) -> [EnforcedSubgroup] {
        let group = found.spaceGroup
        var best: [String: EnforcedSubgroup] = [:]
        let candidates =
            group.translationengleicheSubgroups + group.klassengleicheSubgroups(index: 2)
            + group.klassengleicheSubgroups(index: 3)
        for subgroup in candidates where subgroup.spaceGroup.number == number {
            let way = try EnforcedSubgroup(subgroup, of: structure, found: found)
            let name = "\(subgroup.kind) \(subgroup.index) \(subgroup.conjugacyClass)"
            if let known = best[name], known.rmsDisplacement <= way.rmsDisplacement + 1e-9 { continue }
            best[name] = way
        }
        return best.values.sorted {
            ($0.subgroup.index, $0.rmsDisplacement, $0.subgroup.conjugacyClass)
                < ($1.subgroup.index, $1.rmsDisplacement, $1.subgroup.conjugacyClass)
        }
    }
}
