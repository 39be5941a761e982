import CrystalFiles
import Crystallography
import Foundation
import GRDB
import Testing

import Studies

/// Studies whose runs are all alike, are stopped, or whose store is busy (NEWCOMER.md, 6 and 9.3).
@Suite struct DegenerateStudyTests {
    static func runs(_ count: Int, structures: Int, cosine: (Int) -> Double, distance: (Int) -> Double)
        -> [RecoveryRun]
    {
        (0..<count).map { k in
            RecoveryRun(
                structure: "s\(k % structures)", crystalSystem: "cubic", freeCoordinates: 1, arm: "wyckoff",
                prior: "positions", objective: "", noise: "lattice", level: 0.1, sample: k,
                measures: RecoveryMeasures(
                    matched: true, matchedFixedScale: true, exact: true, ambiguous: false, cosine: cosine(k),
                    rwp: 0, cellError: 0, volumeError: 0, rmsDisplacement: 0, structuralDistance: distance(k),
                    meanSquaredError: 0, entropy: cosine(k)), seconds: 0.1, note: "", start: "", end: "",
                path: "[]")
        }
    }

    static func correlation(_ runs: [RecoveryRun]) -> SimilarityCorrelation? {
        SimilarityCorrelation("cosine", of: runs, resamples: 20, permutations: 5, value: \.cosine)
    }

    @Test("a study whose runs are all exact has no correlation, and says so")
    func allExact() throws {
        let result = try #require(
            Self.correlation(Self.runs(20, structures: 1, cosine: { _ in 1 }, distance: { _ in 0 })))
        for estimate in [result.pearson, result.spearman, result.kendall] {
            #expect(estimate.value.isNaN && estimate.interval == nil)
        }
        #expect(result.information.isEmpty)
    }

    @Test("one side constant, one structure, too few points: none of them ends the program")
    func degenerate() throws {
        let oneSided = try #require(
            Self.correlation(
                Self.runs(24, structures: 2, cosine: { _ in 1 }, distance: { Double($0) * 1e-14 })))
        #expect(oneSided.pearson.interval == nil)
        let proper = try #require(
            Self.correlation(
                Self.runs(24, structures: 3, cosine: { 1 - 0.01 * Double($0) }, distance: { Double($0) })))
        #expect(abs(proper.pearson.value + 1) < 1e-9)
        #expect(proper.pearson.interval?.contains(-1) == true || proper.pearson.value < -0.999)
        #expect(
            Self.correlation(Self.runs(19, structures: 1, cosine: { _ in 1 }, distance: { _ in 0 })) == nil)
        let infinite = Self.runs(30, structures: 2, cosine: { _ in .nan }, distance: { _ in .infinity })
        #expect(Self.correlation(infinite) == nil)
        #expect(StudySummary(infinite).cells.count == 1)
    }

    static func references() throws -> [RecoveryReference] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Data/structures/nac.cif").path
        return [
            try RecoveryReference.prepared(name: "nac", structure: CrystalFile.readFirst(file).structure)
        ]
    }

    /// Cancels the study from inside a run.
    private struct StoppingArm: RecoveryArm {
        let name = "stopping"
        let prior = PriorKnowledge.none
        let objective = ""
        func run(_ start: CrystalStructure, _ sample: RecoverySample, reference: RecoveryReference) throws
            -> ArmOutcome
        {
            withUnsafeCurrentTask { $0?.cancel() }
            return ArmOutcome(structure: start)
        }
    }

    @Test("a study that is stopped keeps no run as failed")
    func stopped() async throws {
        let file = StudyStoreTests.file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let store = try StudyStore(path: file)
        let study = RecoveryStudy(
            references: try Self.references(), arms: [StoppingArm()], noise: [NoiseLevel(.lattice, 0.1)],
            samples: 2, seed: 1, jobs: 1)
        let task = Task { try await study.run(store: store, resume: false) }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try store.runs().isEmpty)
    }

    @Test("a store that another process holds is named, with what to do")
    func locked() throws {
        let file = StudyStoreTests.file()
        defer {
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) }
        }
        let store = try StudyStore(path: file, patience: 0.1)
        let other = try DatabaseQueue(path: file)
        try other.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN EXCLUSIVE")
            let error = #expect(throws: StudyError.self) { try store.set("seed", "1") }
            #expect(error?.description.contains("another process has held it") == true)
            try database.execute(sql: "ROLLBACK")
        }
        try store.set("seed", "1")
        #expect(try store.value("seed") == "1")
    }

    @Test("a file that is no store is said to be none")
    func noStore() throws {
        let file = StudyStoreTests.file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: StudyError.self) { try StudyStore(path: file) }
        #expect(error?.description.contains("no study's store") == true)
    }
}
