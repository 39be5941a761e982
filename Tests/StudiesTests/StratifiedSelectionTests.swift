import Foundation
import Studies
import Symmetry
import Testing

private let pool = LandscapeStructures.folder.appendingPathComponent("../mp20/mp20-pool.jsonl.gz")
    .standardized.path

@Suite(.enabled(if: FileManager.default.fileExists(atPath: pool), "needs ../shared"))
struct StratifiedSelectionTests {
    @Test func everySystemHasItsShareAndPartsAreBeginnings() throws {
        let selection = StratifiedSelection(seed: 3)
        let chosen = try selection.select(21, from: [pool])
        #expect(Set(chosen.map(\.name)).count == 21)
        let systems = try chosen.map {
            try SymmetryFinder.find(in: $0.structure, tolerance: 0.1).spaceGroup.crystalSystem
        }
        for system in CrystalSystem.allCases { #expect(systems.count { $0 == system } == 3) }
        #expect(try selection.select(9, from: [pool]).map(\.name) == Array(chosen.map(\.name).prefix(9)))
    }
}
