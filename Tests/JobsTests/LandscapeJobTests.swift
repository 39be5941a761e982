import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Jobs
import Landscape
import Parameterization
import Studies
import Testing

@Suite("Jobs of landscapes")
struct LandscapeJobTests {
    /// Broad peaks over a short range: a landscape that is taken in no time.
    private static func choice() -> ObjectiveChoice {
        var choice = ObjectiveChoice(
            .pattern(.cosine), twoTheta: Array(stride(from: 10.0, through: 60, by: 0.2)))
        choice.fwhm = 2
        return choice
    }

    @Test("a scan has an axis for each asked, a family for each width, and the truth among its minima")
    func scan() async throws {
        let truth = try Shipped.reduced("pbso4")
        var job = ScanJob(truth, Self.choice(), along: [.init("a"), .init("b", range: 5...6)])
        job.widths = [3]
        job.takesHessian = true
        let outcome = try await job.run { _ in }
        #expect(outcome.scans.map(\.axis.parameter.name) == ["a", "b"])
        #expect(outcome.families.map(\.count) == [1, 1])
        #expect(outcome.hessian != nil)
        let a = truth.latticeParameters.cell[0]
        #expect(outcome.scans[0].minima.contains { abs($0.position - a) < 0.01 })
        #expect(outcome.objective.name == "1 − cosine")
    }

    @Test("ranges and steps beyond physics are refused before the work")
    func reach() async throws {
        let truth = try Shipped.reduced("pbso4")
        let far = ScanJob(truth, Self.choice(), along: [.init("a", range: 8...1e9)])
        await #expect(throws: ParameterReach.OutOfReach.self) { _ = try await far.run(reporting: { _ in }) }
        var fine = ScanJob(truth, Self.choice(), along: [.init("a")])
        fine.step = 1e-9
        let fixed = fine
        await #expect(throws: ParameterReach.TooManyPoints.self) {
            _ = try await fixed.run(reporting: { _ in })
        }
    }

    @Test("a measured target has its remarks said; one without enough points is refused")
    func target() throws {
        let truth = try Shipped.reduced("pbso4")
        var choice = Self.choice()
        choice.fwhm = nil
        choice.target = .init(
            name: "x.dat", pattern: try PowderPatternFile.read(Shipped.path("patterns/pbso4-x.dat")))
        let said = Said()
        let objective = try choice.objective(of: truth) { said.add($0) }
        #expect(objective.pattern?.twoTheta.count ?? 0 > 1000)
        #expect(said.all.contains { $0.kind == .remark && $0.text.contains("Rwp") })
        choice.twoTheta = [20, 20.1]
        #expect(throws: FileProblem.self) { _ = try choice.objective(of: truth, reporting: { _ in }) }
    }

    private static func map() throws -> MapJob {
        let truth = try Shipped.reduced("pbso4")
        return MapJob(
            truth, try LandscapePlane(truth, along: ("a", "c"), holdsSymmetry: true), choice(),
            PlaneSampling(5, 3, ranges: ["a": 8.4...8.6]))
    }

    @Test("a map is sampled where it is asked for")
    func map() async throws {
        let outcome = try await Self.map().run { _ in }
        #expect(outcome.map.x.count == 5 && outcome.map.y.count == 3)
        #expect(outcome.map.x.first == 8.4 && outcome.map.x.last == 8.6)
    }

    private static func paths(from start: PathsJob.Start) throws -> PathsJob {
        let reference = try RecoveryReference.prepared(
            name: "pbso4", structure: Shipped.reduced("pbso4").expanded())
        let plane = try LandscapePlane(reference.reduced, along: ("a", "c"), holdsSymmetry: true)
        let choice = choice()
        return PathsJob(
            reference, plane, from: start, arms: [NothingArm()], measure: .cosine,
            model: choice.model(plane.structure), twoTheta: choice.twoTheta, sampling: PlaneSampling(3, 3))
    }

    @Test("paths begin where they are asked to, and the map is widened to hold them")
    func paths() async throws {
        let outcome = try await Self.paths(from: .parameters([.init("a", 12)])).run { _ in }
        let first = try #require(outcome.paths.first?.points.first)
        #expect(abs(first.x - 12) < 1e-9)
        #expect(try #require(outcome.map.x.last) > 12)
    }

    @Test("a start of unknown parameters or without a cell is refused")
    func badStarts() async throws {
        let unknown = try Self.paths(from: .parameters([.init("O9.x", 0.1)]))
        await #expect(throws: PathStartError.self) { _ = try await unknown.run(reporting: { _ in }) }
        let flat = try Self.paths(
            from: .parameters([.init("alpha", 10), .init("beta", 90), .init("gamma", 120)]))
        await #expect(throws: PathStartError.flatCell) { _ = try await flat.run(reporting: { _ in }) }
    }

    @Test("cancelled scans, maps and paths throw")
    func cancellation() async throws {
        let scan = ScanJob(try Shipped.reduced("pbso4"), Self.choice(), along: [.init("a")])
        let map = try Self.map()
        let paths = try Self.paths(from: .distorted(0.1))
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await scan.run { _ in }.seconds }
        }
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await map.run { _ in }.seconds }
        }
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await paths.run { _ in }.paths.count }
        }
    }
}

/// What a job said, from whatever task.
final class Said: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [JobProgress] = []

    func add(_ progress: JobProgress) { lock.withLock { list.append(progress) } }

    var all: [JobProgress] { lock.withLock { list } }
}
