import CrystalFiles
import Diffraction
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

    @Test(
        "twice the resolution changes nothing; of more coordinates than asked for, some from all over the list"
    )
    func verified() async throws {
        let study = LandscapeStudy(
            structures: [("pbso4", try Self.reference())], settings: [.init(.cosine)], angleStep: 0.1,
            mostCoordinates: 3, verifies: true)
        let kept = Kept()
        try await study.run { rows, _, _ in kept.add(rows) }
        #expect(kept.rows.count == 6 && kept.rows.allSatisfy { $0.doubled == "same" })
        #expect(LandscapeStudySummary(kept.rows).doubled.axes == 6)
        let elements = Set(kept.rows.dropFirst(3).map { $0.axis.prefix { $0.isLetter } })
        #expect(elements.count > 1, "\(kept.rows.map(\.axis))")
    }

    @Test("measures that share their patterns find what each finds alone")
    func shared() async throws {
        let reference = try Self.reference()
        let measures: [SimilarityMeasure] = [.cosine, .spectralEntropy, .wasserstein]
        func rows(_ measures: [SimilarityMeasure]) async throws -> [LandscapeStudy.Row] {
            let study = LandscapeStudy(
                structures: [("pbso4", reference)], settings: measures.map { .init($0) }, angleStep: 0.1,
                mostCoordinates: 2)
            let kept = Kept()
            try await study.run { rows, _, _ in kept.add(rows) }
            return kept.rows
        }
        let together = try await rows(measures)
        #expect(together.count == 15)
        for measure in measures {
            for (a, b) in zip(try await rows([measure]), together.filter { $0.measure == measure.name }) {
                #expect(a.axis == b.axis && a.distinctMinima == b.distinctMinima)
                #expect(abs(a.reach - b.reach) < 1e-6 * abs(a.reach))
            }
        }
    }

    @Test("one at a time: each list with the first of the other two")
    func oneAtATime() {
        let settings = LandscapeStudy.Setting.oneAtATime(
            [.cosine, .wasserstein], widths: [nil, 2], lastAngles: [90, 40])
        #expect(
            settings.map(\.name) == [
                "cosine paper 90.0", "wasserstein paper 90.0", "cosine 2.0 90.0", "cosine paper 40.0",
            ])
    }

    @Test(
        "a contest counts the widest basin of every axis, ties by halves, and compares with the first objective"
    )
    func contest() throws {
        func row(_ axis: String, _ measure: String, _ reach: Double) throws -> LandscapeStudy.Row {
            try #require(
                LandscapeStudy.Row(fields: [
                    "s", "cubic", measure, "0.0", "90.0", axis, "length", "heuristic", "range", "2", "1", "1",
                    "\(reach)", "1.0", "0", "0.5", "0", "multi-funnel", "–",
                ]))
        }
        let summary = LandscapeStudySummary([
            try row("a", "cosine", 0.1), try row("a", "mse", 0.2), try row("b", "cosine", 0.2),
            try row("b", "mse", 0.2), try row("c", "mse", 0.3),
        ])
        let contests = summary.contests()
        #expect(contests.map(\.measure) == ["cosine", "mse"] && contests.map(\.axes) == [2, 2])
        #expect(contests.map(\.widest) == [0.25, 0.75] && contests.map(\.ratio) == [1, 1.5])
    }
}

@Suite("Sample of structures for landscapes")
struct LandscapeSampleTests {
    static let pool = LandscapeStructures.folder.deletingLastPathComponent()
        .appendingPathComponent("mp20/mp20-pool.jsonl.gz")

    @Test(
        "as many of each crystal system as there are; whatever the order, one seed draws the same, another others",
        .enabled(if: FileManager.default.fileExists(atPath: pool.path)))
    func stratified() throws {
        let all = Array(try LandscapeSample.read([Self.pool.path]).prefix(400))
        let counts = { (sample: [(name: String, structure: ReducedStructure)]) in
            Dictionary(grouping: sample) { $0.structure.spaceGroup.crystalSystem }.mapValues(\.count)
        }
        let there = counts(all)
        let sample = LandscapeSample.stratified(all, count: 70, seed: 3)
        #expect(sample.count == 70 && Set(sample.map(\.name)).count == 70)
        for (system, count) in counts(sample) where there[system] ?? 0 >= 10 { #expect(count >= 10) }
        #expect(
            LandscapeSample.stratified(all.reversed(), count: 70, seed: 3).map(\.name) == sample.map(\.name))
        #expect(LandscapeSample.stratified(all, count: 70, seed: 4).map(\.name) != sample.map(\.name))
        let fewer = LandscapeSample.stratified(all, count: 30, seed: 3).map(\.name)
        #expect(fewer == Array(sample.map(\.name).prefix(30)))
    }
}
