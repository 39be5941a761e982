import CrystalFiles
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// A sample of structures with as many of every crystal system as there are, drawn with a seed.
package enum LandscapeSample {
    /// Every structure of files, folders and sets of records (`.jsonl.gz`), idealised at 0.1 Å in its conventional
    /// standard cell; the first of those that share a name.
    ///
    /// - Parameter skipped: gets one line for each record that cannot be used.
    package static func read(
        _ paths: [String], skipped: (String) -> Void = { _ in }
    ) throws -> [(name: String, structure: ReducedStructure)] {
        var names: Set<String> = []
        return try StratifiedDraw.read(paths, skipped: skipped) { record, element in
            let isSet = element.line != nil
            let stem = URL(fileURLWithPath: element.file).deletingPathExtension().lastPathComponent
            let name = isSet && !record.name.isEmpty ? record.name : stem
            guard names.insert(name).inserted else { return nil }
            return (name, try idealised(record))
        }
    }

    private static func idealised(_ record: CrystalRecord) throws -> ReducedStructure {
        try ReducedStructure(of: record.structure, tolerance: 0.1)
    }

    /// `count` structures, the same number of every crystal system as far as there are that many; the systems take
    /// turns, so that every beginning of the list is balanced as well.
    ///
    /// The same seed draws the same names, whatever order the structures come in.
    package static func stratified(
        _ structures: [(name: String, structure: ReducedStructure)], count: Int, seed: UInt64
    ) -> [(name: String, structure: ReducedStructure)] {
        let piles = CrystalSystem.allCases.enumerated().map { number, system in
            var random = RandomStream(seed: seed, index: UInt64(number))
            return structures.filter { $0.structure.spaceGroup.crystalSystem == system }
                .sorted { $0.name < $1.name }
                .map { (key: random.next(), member: $0) }
                .sorted { $0.key > $1.key }.map(\.member)
        }
        return StratifiedDraw.deal(piles, count: count)
    }
}
