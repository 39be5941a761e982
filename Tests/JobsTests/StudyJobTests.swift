import CrystalFiles
import Diffraction
import Foundation
import Jobs
import Studies
import Testing

@Suite("Jobs of studies")
struct StudyJobTests {
    private static let pbso4 = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Data/structures/pbso4.cif").path

    private static func inFolder<R>(_ body: (URL) async throws -> R) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await body(folder)
    }

    private static func recovery(_ folder: URL, seed: UInt64 = 1) throws -> RecoveryStudyJob {
        let references = try RecoveryStudyJob.Sample([pbso4]).references()
        let study = RecoveryStudy(
            references: references, arms: [try RecoveryStudy.arm(named: "nothing")],
            noise: try NoiseLevel.parse("lattice=0.1"), samples: 2, seed: seed)
        return RecoveryStudyJob(study, store: folder.appendingPathComponent("runs.sqlite").path)
    }

    @Test("a recovery study keeps its runs; a store that holds some is refused unless it is gone on with")
    func recoveryStudy() async throws {
        try await Self.inFolder { folder in
            var job = try Self.recovery(folder)
            #expect(try await job.run { _ in }.runs == 2)
            let fixed = job
            await #expect(throws: StudyError.self) {
                _ = try await fixed.run(reporting: { _ in })
            }
            job.resumes = true
            #expect(try await job.run { _ in }.runs == 2)
        }
    }

    @Test("structures of more free coordinates than asked for are left out")
    func sample() throws {
        var sample = RecoveryStudyJob.Sample([Self.pbso4])
        #expect(try sample.references().count == 1)
        sample.mostCoordinates = 3
        #expect(try sample.references().isEmpty)
    }

    private static func landscape(_ folder: URL) throws -> LandscapeStudyJob {
        let study = LandscapeStudy(
            structures: try LandscapeStudyJob.Sample([pbso4]).structures(),
            settings: [.init(.cosine, fwhm: 2, lastAngle: 40)], angleStep: 0.4, mostCoordinates: 0)
        return LandscapeStudyJob(study, table: folder.appendingPathComponent("axes.tsv"))
    }

    @Test("a study of landscapes has a row for each axis, and repeats none of them")
    func landscapeStudy() async throws {
        try await Self.inFolder { folder in
            var job = try Self.landscape(folder)
            let rows = try await job.run { _ in }
            #expect(rows.map(\.axis) == ["a", "b", "c"])
            #expect(throws: StudyError.self) { try job.checkTable() }
            job.resumes = true
            #expect(try await job.run { _ in } == rows)
        }
    }

    @Test("cancelled studies throw")
    func cancellation() async throws {
        try await Self.inFolder { folder in
            let (recovery, landscape) = (try Self.recovery(folder), try Self.landscape(folder))
            await #expect(throws: CancellationError.self) {
                try await Cancelled.run { try await recovery.run { _ in }.runs }
            }
            await #expect(throws: CancellationError.self) {
                try await Cancelled.run { try await landscape.run { _ in }.count }
            }
        }
    }
}
