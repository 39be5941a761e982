import CrystalFiles
import Jobs
import Testing
import Validation

@Suite("ValidationJob")
struct ValidationJobTests {
    private static let job = ValidationJob(
        [Shipped.path("structures/pbso4.cif"), Shipped.path("structures/nac.cif")],
        RecordValidation(tolerance: 0.01))

    @Test("every record is told in its order and counted")
    func counts() async throws {
        var files: [String] = []
        let total = try await Self.job.run(reporting: { _ in }, record: { files.append($0.file) })
        #expect(total.records == 2)
        #expect(files == Self.job.paths)
    }

    @Test("a path that is not there is refused before anything is checked")
    func missing() async throws {
        var job = Self.job
        job.paths.append("/nowhere.cif")
        let fixed = job
        await #expect(throws: CrystalFileError.self) {
            _ = try await fixed.run(
                reporting: { _ in }, record: { _ in Issue.record("a record was checked") })
        }
    }

    @Test("a cancelled validation throws")
    func cancellation() async throws {
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await Self.job.run { _ in }.records }
        }
    }
}
