import Foundation
import Symmetry
import Testing

/// Reaches `SpaceGroupCatalogue`, `WyckoffDerivation`, `WyckoffLetters`, `WyckoffRepresentative`.
@Suite struct SpaceGroupTableTests {
    @Test func theTableIsWhatTheGeneratorMakes() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = folder.appendingPathComponent("SpaceGroups/space-groups.tsv")
        let committed = try String(contentsOf: file, encoding: .utf8)
        #if DEBUG
            // All settings take three seconds in release, forty without optimisation.
            for hall in stride(from: 3, through: 530, by: 31) {
                #expect(committed.contains(try SpaceGroupTableWriter.block(hallNumber: hall)), "\(hall)")
            }
        #else
            let made = try SpaceGroupTableWriter.table()
            #expect(made == committed)
        #endif
    }
}
