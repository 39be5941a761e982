import CrystalFiles
import Crystallography
import Jobs
import Symmetry
import Testing

@Suite("SymmetrizationJob")
struct SymmetrizationJobTests {
    private static func job(_ target: SymmetrizationJob.Target) throws -> SymmetrizationJob {
        SymmetrizationJob(try Shipped.record("pbso4"), file: "pbso4.cif", to: target)
    }

    @Test("the group that is found is enforced in the cell that is asked for")
    func found() throws {
        var job = try Self.job(.found(tolerance: 0.01))
        job.cell = .primitive
        guard case .group(let result, let found, _, _) = try job.run(reporting: { _ in }).result else {
            Issue.record("no group was enforced")
            return
        }
        #expect(found.spaceGroup.number == 62)
        #expect(result.structure.sites.count == 24)
    }

    @Test("a subgroup moves nothing, and counts its ways")
    func subgroup() throws {
        var job = try Self.job(.found(tolerance: 0.01))
        job.subgroup = try SpaceGroup.find("19")
        guard case .subgroup(let way, let ways, let rung) = try job.run(reporting: { _ in }).result else {
            Issue.record("no subgroup was enforced")
            return
        }
        #expect(way.structure.spaceGroup.number == 19)
        #expect(ways > 0 && rung == nil)
        job.way = 99
        #expect(throws: FileProblem.self) { _ = try job.run(reporting: { _ in }) }
    }

    @Test("a group that the structure does not nearly have is refused")
    func refused() throws {
        let job = try Self.job(.group(try SpaceGroup.find("225")))
        #expect(throws: SymmetrizationJob.Refusal.self) { _ = try job.run(reporting: { _ in }) }
    }

    @Test("a cancelled symmetrization throws")
    func cancellation() async throws {
        let job = try Self.job(.found(tolerance: 0.01))
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { _ = try job.run { _ in } }
        }
    }
}
