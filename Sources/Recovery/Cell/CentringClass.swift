import Symmetry

/// Groups of one lattice centring: the same cells, told apart by other absences.
package struct CentringClass: Sendable {
    package let groups: [SpaceGroup]
    /// The group with the fewest absences, and of these the one of highest order.
    package let widest: SpaceGroup

    /// The classes of some groups, the centring with the most vectors first.
    package static func classes(of groups: [SpaceGroup]) -> [CentringClass] {
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
