import Indexing

/// The lines by which a lattice is told from one of a half, a third… of its volume, a sublattice as far as volumes tell.
struct SuperlatticeLines: Sendable {
    /// Of the lines that were indexed, those too strong to be an impurity's as a rule.
    private let isStrong: [Bool]

    /// - Parameter lines: all of the pattern, in any order.
    init(_ lines: [IndexingLine], _ settings: IndexingSettings) {
        let indexed = Array(lines.sorted { $0.q < $1.q }.prefix(settings.lines))
        isStrong = settings.foreignShares(indexed).map { $0 < settings.strongShare }
    }

    /// Strong lines that a lattice has beyond a smaller one; nil where its volume is no multiple of the other's.
    func count(of cell: IndexedCell, beyond smaller: IndexedCell) -> Int? {
        let index = cell.primitiveVolume / smaller.primitiveVolume
        guard index > 1.5, abs(index - index.rounded()) < 0.02 * index else { return nil }
        let own = Set(cell.unexplained)
        return smaller.unexplained.count { !own.contains($0) && isStrong[$0] }
    }
}
