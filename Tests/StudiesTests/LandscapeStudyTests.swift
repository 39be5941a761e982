import CrystalFiles
import Foundation
import Landscape
import Parameterization
import Studies
import Symmetry
import Testing

@Suite("Study of landscapes")
struct LandscapeStudyTests {
    static func reference() throws -> ReducedStructure {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Data/structures/pbso4.cif")
        let structure = try CrystalFile.readFirst(file.path).structure
        let found = try SymmetryFinder.find(in: structure, tolerance: 0.1)
        let standard = try SymmetryFinder.standardize(structure, found)
        return try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
    }

    /// Rows as they come, from any thread.
    final class Kept: @unchecked Sendable {
        private let lock = NSLock()
        private var list: [LandscapeStudy.Row] = []
        func add(_ rows: [LandscapeStudy.Row]) { lock.withLock { list += rows } }
        var rows: [LandscapeStudy.Row] { lock.withLock { list } }
    }

    @Test(
        "one row for each axis and setting; a row survives its line of the table; what is done is not done again"
    )
    func rows() async throws {
        let settings = [LandscapeStudy.Setting(.cosine), LandscapeStudy.Setting(.cosine, fwhm: 2)]
        let study = LandscapeStudy(
            structures: [("pbso4", try Self.reference())], settings: settings, angleStep: 0.1)
        let kept = Kept()
        try await study.run { rows, _, _ in kept.add(rows) }
        #expect(kept.rows.count == 28)
        #expect(kept.rows.allSatisfy { LandscapeStudy.Row(fields: $0.fields) == $0 || $0.reach.isNaN })
        let rest = Kept()
        try await study.run(except: ["pbso4\t\(settings[0].name)"]) { rows, _, _ in rest.add(rows) }
        #expect(rest.rows.count == 14 && rest.rows.allSatisfy { $0.fwhm == 2 })
        // Broader peaks: wider basins of the lengths.
        let groups = LandscapeStudySummary(kept.rows).groups(where: { $0.kind == "length" }) {
            ["\($0.fwhm)"]
        }
        #expect(groups.map(\.keys) == [["0.0"], ["2.0"]] && groups.map(\.axes) == [3, 3])
        #expect(groups[0].reach.median < groups[1].reach.median)
    }
}
