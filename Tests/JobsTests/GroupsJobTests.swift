import CrystalFiles
import Crystallography
import Diffraction
import ExtinctionSymbols
import Foundation
import Indexing
import Jobs
import Testing

/// Extinction symbols of the measured patterns that are shipped.
@Suite struct GroupsJobTests {
    static func job(
        _ file: String, _ wavelength: String?, _ range: ClosedRange<Double>, _ cell: [Double],
        _ lattice: BravaisLattice? = nil, probe: Radiation.Probe = .xray
    ) throws -> GroupsJob {
        let path = Shipped.path("patterns/\(file)")
        var measurement = Measurement(name: path, try PowderPatternFile.read(path))
        measurement.probe = probe
        if let wavelength {
            let radiation = try Wavelength.radiation(named: wavelength, probe: probe)
            measurement.illumination = .emission(radiation)
        }
        measurement.range = range
        let metric = Lattice(
            a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
        return GroupsJob(measurement, axes: try CellAxes(metric, lattice: lattice))
    }

    /// Hill's round robin, X-rays: P n - a, so Pnma or Pn2₁a, with a cell that is off by a few parts in 10,000.
    @Test func leadSulphateHasPnStarA() throws {
        let job = try Self.job("pbso4-x.dat", "CuKa", 15...120, [8.483, 5.397, 6.962, 90, 90, 90], .oP)
        let outcome = try job.run { _ in }
        let best = try #require(outcome.ranking.best)
        #expect(best.symbol.text == "P n - a")
        // 0 5 0 seems to be there at 7 σ and keeps the symbol without the n glide in play.
        #expect(best.probability > 0.5)
        #expect(outcome.isDecided == (best.probability >= 0.9))
        #expect(best.symbol.spaceGroups.map(\.number).sorted() == [33, 62])
        #expect(abs(outcome.ranking.entries.reduce(0) { $0 + $1.probability } - 1) < 1e-9)
        // Every line that is forbidden belongs to a condition that says so.
        let told = Set(best.evidence.flatMap(\.lines))
        #expect(told == Set(best.absentLines))
    }

    /// The pattern itself decides on the centring.
    @Test func fluorapatiteHasTheScrewAxisAndNoCentring() throws {
        let job = try Self.job("FAP.XRA", "CuKa", 15...100, [9.372, 9.372, 6.886, 90, 90, 120])
        let outcome = try job.run { _ in }
        #expect(outcome.ranking.best?.symbol.text == "P 63 - -")
        #expect(outcome.ranking.best?.symbol.spaceGroups.contains { $0.number == 176 } == true)
    }

    @Test func aCancelledSearchThrows() async throws {
        let job = try Self.job("pbso4-x.dat", "CuKa", 15...120, [8.48, 5.4, 6.96, 90, 90, 90])
        await #expect(throws: CancellationError.self) {
            _ = try await Cancelled.run { try job.run { _ in } }
        }
    }

    /// A cell of which the range holds no line.
    @Test func tooFewLinesAreAnErrorThatNamesTheFile() throws {
        let job = try Self.job("pbso4-x.dat", "CuKa", 15...40, [2.1, 2.1, 2.1, 90, 90, 90])
        let error = try #require(throws: FileProblem.self) { _ = try job.run { _ in } }
        #expect(error.file.hasSuffix("pbso4-x.dat"))
    }
}
