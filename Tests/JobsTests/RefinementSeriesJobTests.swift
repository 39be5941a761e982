import Crystallography
import Diffraction
import Foundation
import Jobs
import Patterns
import Testing

@Suite("RefinementSeriesJob")
struct RefinementSeriesJobTests {
    private static let grid = Array(stride(from: 15.0, through: 60, by: 0.05))

    /// Patterns of one crystal whose a grows from one to the next.
    private static func job(_ stretches: [Double]) throws -> RefinementSeriesJob {
        let simulation = PatternSimulation(
            instrument: Instrument(radiation: try Wavelength.radiation(named: "CuKa")))
        let crystal = try PatternCrystal(
            readingFrom: Shipped.path("structures/pbso4.cif"), symmetry: .file, tolerance: nil)
        let steps = try stretches.enumerated().map { number, stretch in
            var grown = crystal.structure
            grown.latticeParameters.values[0] *= stretch
            let moved = PatternCrystal(file: crystal.file, structure: grown, warnings: [])
            let pattern = try simulation.simulate([moved], twoTheta: grid).pattern
            let item = RefinementJob.Item(
                name: "t\(number)", pattern, PatternRefinement(simulation: simulation))
            return RefinementSeriesJob.Step(item, value: Double(number))
        }
        var job = RefinementSeriesJob(steps, [crystal])
        job.stages = [["a"]]
        return job
    }

    @Test("a cell that grows from pattern to pattern is followed, each pattern with its own name and value")
    func carried() throws {
        let job = try Self.job([1, 1.001, 1.002, 1.003])
        let outcomes = try job.run { _ in }
        #expect(outcomes.map(\.name) == ["t0", "t1", "t2", "t3"] && outcomes.map(\.value) == [0, 1, 2, 3])
        let first = try #require(outcomes[0].outcome).structure(ofPhase: 0).lattice.lengths.x
        for (outcome, stretch) in zip(outcomes, [1, 1.001, 1.002, 1.003]) {
            let length = try #require(outcome.outcome).structure(ofPhase: 0).lattice.lengths.x
            #expect(abs(length / first - stretch) < 1e-5, "\(outcome.name) \(length)")
        }
    }

    @Test("what is wrong with one pattern is said in its place, and the series goes on from the one before")
    func trouble() throws {
        var job = try Self.job([1, 1, 1.001])
        job.stages = nil
        for index in job.steps.indices { job.steps[index].item.refinement.stages = [["a"]] }
        job.steps[1].item.refinement.stages = [["O9.x"]]
        let outcomes = try job.run { _ in }
        #expect(outcomes.count == 3 && outcomes[1].outcome == nil && outcomes[1].trouble != nil)
        #expect(try #require(outcomes[2].outcome).parts[0].statistics.rwp < 0.01)
    }

    @Test("a cancelled series throws")
    func cancellation() async throws {
        let job = try Self.job([1, 1])
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try job.run { _ in }.count }
        }
    }
}
