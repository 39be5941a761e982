import Crystallography

extension CrystalFamily {
    /// The groups of the family, each in its first tabulated setting: unique axis b, origin choice 1, hexagonal axes.
    public var spaceGroups: [SpaceGroup] {
        var seen = Set<Int>()
        return (1...530).compactMap { SpaceGroup(hallNumber: $0) }.filter {
            $0.crystalFamily == self && seen.insert($0.number).inserted
        }
    }
}
