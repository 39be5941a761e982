import NumericalMethods

extension WyckoffDerivation {
    /// Which subspace of an orbit stands for it: a fixed order that comes close to ITA's habit. Last coordinates
    /// are constant first, offsets small, and the free coordinates written with few signs and factors.
    static func representative(of orbit: Orbit) -> TorusSubspace {
        orbit.subspaces.min { precedence($0).lexicographicallyPrecedes(precedence($1)) } ?? .wholeSpace
    }

    private static func precedence(_ subspace: TorusSubspace) -> [Int] {
        let m = subspace.matrix
        let rows = [m.row0, m.row1, m.row2]
        let isFree = rows.reversed().map { $0 == .zero ? 0 : 1 }
        let offset = [subspace.translation.x, subspace.translation.y, subspace.translation.z]
        let distinct = Set(rows.filter { $0 != .zero }).count
        let entries = rows.flatMap { [$0.x, $0.y, $0.z] }
        let size = entries.reduce(0) { $0 + abs($1) }
        return isFree + offset + [distinct, size] + entries.map { -$0 }
    }
}
