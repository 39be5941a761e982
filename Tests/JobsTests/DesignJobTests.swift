import Crystallography
import Design
import Jobs
import Testing

@Suite("DesignJob")
struct DesignJobTests {
    /// A problem that needs no learned model: atoms near the sites of the template.
    private static func evaluator(_ copies: Int = 1) throws -> DesignEvaluator {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0.5", property: TemplateDisplacement.name, option: "--displacement")
        ]
        options.elements = Set(["Li", "Na", "K", "F", "Cl", "Br"].compactMap { Element(symbol: $0) })
        let template = try DesignTemplate(named: "rocksalt", supercell: SIMD3(copies, 1, 1))
        return try DesignEvaluator(DesignProblem(template, options))
    }

    @Test(
        "every candidate has its row: whether it is the first of its composition, and no verdict without a judge"
    )
    func outcome() async throws {
        var job = DesignJob(try Self.evaluator())
        job.candidates = 4
        job.budget = 200
        let outcome = try await job.run { _ in }
        #expect(!outcome.result.candidates.isEmpty)
        #expect(outcome.isUnique.count == outcome.result.candidates.count)
        #expect(outcome.verdicts.allSatisfy { $0 == nil })
        let keys = outcome.result.candidates.map { outcome.evaluator.problem.composition($0.decoration) }
        #expect(Set(keys).count == outcome.isUnique.filter { $0 }.count)
        #expect(outcome.asked == 4 && outcome.front == nil)
    }

    @Test("copies of the unit's candidates are candidates of the supercell")
    func copies() async throws {
        var job = DesignJob(try Self.evaluator(2))
        job.source = .copies(of: try Self.evaluator())
        job.candidates = 2
        job.budget = 200
        let outcome = try await job.run { _ in }
        #expect(outcome.result.method == "tiled")
        #expect(!outcome.result.candidates.isEmpty)
    }

    @Test("a front of one target is refused")
    func front() async throws {
        var job = DesignJob(try Self.evaluator())
        job.front = 3
        let fixed = job
        await #expect(throws: DesignJobError.frontOfOneTarget) {
            _ = try await fixed.run(reporting: { _ in })
        }
    }

    @Test("a cancelled design throws and returns nothing")
    func cancellation() async throws {
        let evaluator = try Self.evaluator()
        await #expect(throws: CancellationError.self) {
            try await Cancelled.run { try await DesignJob(evaluator).run { _ in }.result.calls }
        }
    }
}
