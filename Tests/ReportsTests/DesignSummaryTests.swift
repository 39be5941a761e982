import Crystallography
import Design
import LearnedModels
import Reports
import Testing

private let isInstalled = LearnedModel.propertyModels.allSatisfy(ModelStore.standard.isInstalled)

@Suite(.enabled(if: isInstalled, "the models are not installed: wyckoff models fetch"))
struct DesignSummaryTests {
    /// Rocksalts of two compositions, the cell within `window` of the ionic one.
    private func run(asked: Int, window: Double) async throws -> (DesignResult, DesignSummary) {
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("<0", property: "formation-energy", option: "--formation-energy")
        ]
        options.sites["A"] = Set(["Na", "K"].compactMap { Element(symbol: $0) })
        options.sites["X"] = Set(["Cl"].compactMap { Element(symbol: $0) })
        options.ionicWindow = window
        var search = DesignSearch(
            try DesignEvaluator(DesignProblem(DesignTemplate(named: "rocksalt"), options)))
        search.candidates = asked
        search.jobs = 1
        let result = try await search.run()
        var seen = Set<[Element]>()
        let rows = result.candidates.enumerated().map { index, candidate in
            DesignRow(
                rank: index + 1, candidate: candidate, primitiveAtoms: nil, verdict: nil,
                isUnique: seen.insert(candidate.decoration.elements).inserted, known: nil)
        }
        return (
            result,
            DesignSummary(result, rows: rows, asked: asked, atoms: 8, seconds: 1, relaxed: false)
        )
    }

    /// Compositions run out, cells do not: every place asked for is filled, each with a crystal of its own.
    @Test func whereCompositionsAreExhaustedOtherCellsFillThePlaces() async throws {
        let (result, summary) = try await run(asked: 24, window: 0.05)
        #expect(result.candidates.count == 24 && result.candidates.allSatisfy(\.isSuccess))
        #expect(summary.success == 1 && summary.candidates == 24 && summary.returned == 24)
        #expect(summary.unique == 2.0 / 24)
        let cells = result.candidates.map { "\($0.decoration.elements) \($0.structure.lattice.volume)" }
        #expect(Set(cells).count == 24)
    }

    /// One cell for each of two compositions: the other places stay empty, and count as failures.
    @Test func aCandidateThatWasNotFoundIsNoSuccess() async throws {
        let (result, summary) = try await run(asked: 8, window: 1e-7)
        #expect(result.candidates.count == 2 && result.candidates.allSatisfy(\.isSuccess))
        #expect(summary.returned == 2 && summary.candidates == 8)
        #expect(summary.success == 0.25 && summary.neutral == 0.25 && summary.unique == 0.25)
    }
}
