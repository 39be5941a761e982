import Crystallography

extension DesignTemplate {
    /// Å over the shortest: how far apart the six X around a B, and the two B at an X, may stand in a distorted octahedron.
    private static let octahedron = 1.35

    /// The indices of A, B and X among the roles of a structure ABX3 in which each B has six X around it and each X two B; nil
    /// where it is none. Distorted and larger cells count.
    static func perovskiteRoles(_ roles: [Role], in structure: CrystalStructure) -> [Int]? {
        guard roles.count == 3 else { return nil }
        let counts = roles.map { role in structure.sites.count { $0.element?.symbol == role.name } }
        guard let x = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return nil }
        let others = counts.indices.filter { $0 != x }
        guard others.allSatisfy({ counts[$0] * 3 == counts[x] && counts[$0] > 0 }) else { return nil }
        let distances = others.map { Self.distances(roles[$0].name, roles[x].name, structure) }
        // The smaller hole is B's.
        let near = distances.map { $0.compactMap(\.first).min() ?? .infinity }
        let b = near[0] < near[1] ? 0 : 1
        let reach = near[b] * octahedron
        let back = Self.distances(roles[x].name, roles[others[b]].name, structure)
        guard distances[b].allSatisfy({ $0.count { $0 < reach } == 6 }),
            back.allSatisfy({ $0.count { $0 < reach } == 2 })
        else { return nil }
        return [others[1 - b], others[b], x]
    }

    /// Å, rising, from each atom of one element to those of another within 4 Å.
    private static func distances(
        _ symbol: String, _ other: String, _ structure: CrystalStructure
    ) -> [[Double]] {
        let near = PeriodicGeometry(structure.lattice)
            .neighbours(of: structure.sites.map(\.position), within: 4)
        return structure.sites.indices.filter { structure.sites[$0].element?.symbol == symbol }.map { atom in
            near[atom].filter { structure.sites[$0.index].element?.symbol == other }.map(\.distance).sorted()
        }
    }
}
