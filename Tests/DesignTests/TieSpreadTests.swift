import Crystallography
import Design
import NumericalMethods
import PropertyModels
import Testing

/// The number of the first atom of the crystal: what no crystal knows.
private struct FirstAtom: PropertyPredictor {
    var name: String { "first" }
    var unit: String { "" }
    var domain = PredictorDomain(training: "nothing")
    var errorKind: String { "MAE" }
    var validationError: Double? { 1 }
    var dependsOnOrder: Bool { true }

    func evaluate(
        _ crystal: MixedCrystal, gradient: Bool, precision: PredictionPrecision
    ) -> PropertyEvaluation {
        let row = crystal.mixtures.prefix(MixedCrystal.elementCount)
        return PropertyEvaluation(value: Double(row.firstIndex(of: 1) ?? 0) + 1)
    }
}

/// Verdicts by the worst case over the orders of tied neighbours (DESIGNS.md, faults 1 and 4).
@Suite struct TieSpreadTests {
    private func candidate(
        _ target: String
    ) throws -> (evaluator: DesignEvaluator, candidate: DesignCandidate) {
        var options = DesignProblem.Options()
        options.targets = [try PropertyTarget(target, property: "first", option: "--target")]
        let problem = try DesignProblem(DesignTemplate(named: "perovskite"), options)
        let evaluator = try DesignEvaluator(problem, predictors: [FirstAtom()])
        let pattern = try #require(problem.patterns.firstIndex { $0.charges == [2, 4, -2] })
        let elements = try ["Ba", "Ti", "O"].map { try #require(Element(symbol: $0)) }
        return (
            evaluator,
            evaluator.judge(Decoration(pattern: pattern, elements: elements), at: problem.space.start)
        )
    }

    @Test("the spread holds every order's value, and a target that one order misses is missed")
    func spread() throws {
        let (evaluator, candidate) = try self.candidate(">20")
        #expect(candidate.isSuccess && candidate.values == [56])
        let spread = try #require(try evaluator.tieSpread(candidate))
        #expect(spread.values[0] == 8...56 && !spread.isMetInAll)
        let (wide, other) = try self.candidate(">2")
        #expect(try #require(try wide.tieSpread(other)).isMetInAll)
    }
}
