import Symmetry

/// Groups of one lattice centring: the same cells, told apart by other absences.
struct CentringClass {
    let groups: [SpaceGroup]
    /// The group with the fewest absences, and of these the one of highest order.
    let widest: SpaceGroup

    /// The classes of some groups, the centring with the most vectors first.
    static func classes(of groups: [SpaceGroup]) -> [CentringClass] {
        Dictionary(grouping: groups, by: \.centring).sorted {
            ($0.key.vectors.count, $0.key.rawValue) > ($1.key.vectors.count, $1.key.rawValue)
        }.compactMap { _, groups in
            groups.max { a, b in
                let (x, y) = (isSymmorphic(a), isSymmorphic(b))
                return x != y ? y : a.order < b.order
            }.map { CentringClass(groups: groups, widest: $0) }
        }
    }

    private static func isSymmorphic(_ group: SpaceGroup) -> Bool {
        let centring = group.centring.vectors
        return group.operations.allSatisfy { centring.contains($0.translation) }
    }
}

extension CrystalFamily {
    /// The groups of the family, each in its first tabulated setting: unique axis b, origin choice 1, hexagonal axes.
    public var spaceGroups: [SpaceGroup] {
        var seen = Set<Int>()
        return (1...530).compactMap { SpaceGroup(hallNumber: $0) }.filter {
            $0.crystalFamily == self && seen.insert($0.number).inserted
        }
    }
}
