import CrystalFiles
import Crystallography
import NumericalMethods
import Symmetry

/// Structures of a large set, drawn so that all crystal systems have the same share: in turn one of each system, in an
/// order that the seed fixes. The first n of a longer selection are the selection of n.
package struct StratifiedSelection: Sendable {
    /// Å, for the crystal system.
    package var tolerance = 0.1
    package var seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// - Parameter paths: structure files, sets of structures (.jsonl, .jsonl.gz, .extxyz) and folders of them. Records
    ///   that cannot be read, or in which no group is found, are passed over.
    /// - Returns: names and structures, `count` of them or all there are.
    /// - Parameter skipped: gets one line for each record that is passed over.
    package func select(
        _ count: Int, from paths: [String], skipped: (String) -> Void = { _ in }
    ) throws -> [(name: String, structure: CrystalStructure)] {
        let members = try StratifiedDraw.read(paths, skipped: skipped) { record, _ in
            let found = try SymmetryFinder.find(in: record.structure, tolerance: tolerance)
            return (system: found.spaceGroup.crystalSystem, name: record.name, structure: record.structure)
        }
        let systems = Dictionary(grouping: members, by: \.system)
        let order = systems.keys.sorted { "\($0)" < "\($1)" }
        let decks = order.enumerated().map { index, system in
            var random = RandomStream(seed: seed, index: UInt64(index))
            var deck = systems[system] ?? []
            for i in deck.indices.dropFirst() { deck.swapAt(i, random.index(below: i + 1)) }
            return Array(deck.reversed())
        }
        var names = Set<String>()
        return StratifiedDraw.deal(decks, count: count) { names.insert($0.name).inserted }
            .map { ($0.name, $0.structure) }
    }
}
