import CrystalFiles
import Crystallography
import Diffraction
import Jobs
import Patterns
import Testing

@Suite("RefinementJob")
struct RefinementJobTests {
    private static func job(_ count: Int) throws -> RefinementJob {
        let simulation = PatternSimulation(
            instrument: Instrument(radiation: try Wavelength.radiation(named: "CuKa")))
        let crystal = try PatternCrystal(
            readingFrom: Shipped.path("structures/pbso4.cif"), symmetry: .file, tolerance: nil)
        let pattern = try simulation.simulate(
            [crystal], twoTheta: Array(stride(from: 15.0, through: 60, by: 0.05))
        ).pattern
        let items = (1...count).map { number in
            RefinementJob.Item(
                name: "calculated-\(number)", pattern, PatternRefinement(simulation: simulation))
        }
        var job = RefinementJob(items, [crystal])
        job.stages = [["a"]]
        return job
    }

    @Test("one pattern is fitted by itself, several together", arguments: [1, 2])
    func fits(count: Int) throws {
        let outcome = try Self.job(count).run { _ in }
        #expect(outcome.parts.count == count)
        #expect((outcome.joint != nil) == (count > 1))
        #expect(outcome.parts.allSatisfy { $0.statistics.rwp < 0.01 })
        #expect(outcome.structure(ofPhase: 0).spaceGroup.number == 62)
    }

    @Test("a stage that frees no parameter of the model is refused")
    func unknownParameter() throws {
        var job = try Self.job(1)
        job.stages = [["O9.x"]]
        #expect(throws: PatternError.self) { _ = try job.run(reporting: { _ in }) }
    }

    @Test("a cancelled refinement throws")
    func cancellation() async throws {
        let job = try Self.job(1)
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try job.run { _ in }.parts.count }
        }
    }
}
