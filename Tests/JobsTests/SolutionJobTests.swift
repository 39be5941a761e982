import Crystallography
import Foundation
import Indexing
import Jobs
import Testing

@Suite("SolutionJob and IndexJob") struct SolutionJobTests {
    private func measurement() -> Jobs.Measurement {
        let twoTheta = stride(from: 10.0, to: 60, by: 0.05).map { $0 }
        let pattern = PowderPattern(twoTheta: twoTheta, intensity: twoTheta.map { 100 + 10 * sin($0) })
        return Jobs.Measurement(name: "pattern.xy", pattern)
    }

    @Test("a job that is cancelled throws and returns nothing")
    func cancelled() async throws {
        let formula = try Formula(parsing: "TiO2")
        let measurement = measurement()
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await SolutionJob(measurement, formula: formula).run { _ in } }
        }
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await IndexJob(.pattern(measurement)).run { _ in } }
        }
    }

    @Test("lines that were given are indexed without a pattern, and no profile is claimed")
    func givenLines() async throws {
        let lines = [1, 2, 3, 4, 5, 6, 8, 9, 10].map { n in
            let sine = Double(n).squareRoot() / 4.1568 * 1.5406 / 2
            return IndexingLine(twoTheta: 2 * asin(sine) * 180 / .pi, sigma: 0.01, wavelength: 1.5406)
        }
        var job = IndexJob(.lines(lines))
        job.indexing.lattices = [.cP, .cI, .cF]
        let outcome = try await job.run { _ in }
        let best = try #require(outcome.candidates.first)
        #expect(best.cell.lattice == .cP)
        #expect(abs(best.lattice.lengths.x - 4.1568) < 0.002)
        #expect(best.rwp == nil)
        #expect(outcome.twoTheta.isEmpty)
    }
}
