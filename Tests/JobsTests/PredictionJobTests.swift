import Crystallography
import Jobs
import Testing

@Suite("PredictionJob")
struct PredictionJobTests {
    private static func copper() throws -> CrystalStructure {
        let element = try #require(Element(symbol: "Cu"))
        return CrystalStructure(
            lattice: Lattice(a: 3.615, b: 3.615, c: 3.615, alpha: 90, beta: 90, gamma: 90),
            sites: [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)].map {
                Site(element, at: $0)
            })
    }

    @Test("twelve nearest neighbours of a close packing are one whole shell: none is cut")
    func wholeShell() throws {
        let outcome = try PredictionJob(Self.copper(), []).run { _ in }
        #expect(outcome.cutShells == 0 && outcome.values.isEmpty)
    }

    @Test("a cancelled prediction throws")
    func cancellation() async throws {
        let job = PredictionJob(try Self.copper(), [])
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try job.run { _ in }.cutShells }
        }
    }
}
