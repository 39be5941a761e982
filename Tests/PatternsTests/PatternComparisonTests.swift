import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Matching
import Patterns
import Testing

/// What is compared is compared whole, or not at all.
@Suite("Comparisons of patterns") struct PatternComparisonTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Data/structures/pbso4.cif").standardizedFileURL.path

    private static func comparison() throws -> PatternComparison {
        PatternComparison(
            simulation: PatternSimulation(
                instrument: Instrument(
                    radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.02))),
            grid: Array(stride(from: 15.0, through: 60, by: 0.1)))
    }

    private static func cancel() { withUnsafeCurrentTask { $0?.cancel() } }

    @Test(
        "a comparison that is cancelled throws, be it asked for a similarity, for the cell or for the match alone",
        arguments: [["cosine"], ["variable-cell"], []])
    func cancelled(names: [String]) async throws {
        let metrics = try ComparisonMetric.list(names)
        await #expect(throws: CancellationError.self) {
            try await Task {
                let source = try PatternSource.read(Self.file)
                Self.cancel()
                return try Self.comparison().compare(source, source, metrics: metrics).values.count
            }.value
        }
    }

    /// The pattern's background is asked for once, behind the beginning.
    @Test("one that is cancelled on its way throws, and returns no part of what was asked")
    func cancelledOnTheWay() async throws {
        let metrics = try ComparisonMetric.list(["cosine"])
        await #expect(throws: CancellationError.self) {
            try await Task {
                let crystal = try PatternSource.read(Self.file)
                let flat = PowderPattern(
                    twoTheta: Array(stride(from: 15.0, through: 60, by: 0.1)),
                    intensity: [Double](repeating: 1, count: 451))
                var comparison = try Self.comparison()
                comparison.background = { pattern, _ in
                    Self.cancel()
                    return pattern.intensity.map { _ in 0 }
                }
                return try comparison.compare(.pattern(flat), crystal, metrics: metrics).values.count
            }.value
        }
    }

    @Test("the search for the best cell ends before the next pattern where it is told to")
    func cellSearch() throws {
        struct Ended: Error {}
        let crystal = try PatternCrystal(readingFrom: Self.file)
        let comparison = try Self.comparison()
        let target = try comparison.simulation.simulate([crystal], twoTheta: comparison.grid).calculated
        var asked = 0
        #expect(throws: Ended.self) {
            try VariableCellCrossCorrelation().evaluate(
                comparison.simulation.model([crystal]), target: target.reversed(),
                twoTheta: comparison.grid,
                check: {
                    asked += 1
                    if asked == 3 { throw Ended() }
                })
        }
        #expect(asked == 3)
    }
}
