import Crystallography
import Design
import Foundation
import NumericalMethods
import PropertyModels
import Testing

@Suite struct LocalSearchTests {
    private func salt(_ evaluator: DesignEvaluator) throws -> Decoration {
        let pattern = try #require(evaluator.problem.patterns.firstIndex { $0.charges == [1, -1] })
        return Decoration(pattern: pattern, elements: ["Na", "Cl"].compactMap { Element(symbol: $0) })
    }

    /// One free length and a property of the volume alone: the cell is known in closed form.
    @Test(arguments: ["2.9±0.01", "3.2±0.001", "2.2±0.05"])
    func theCellIsThatOfTheTarget(target: String) throws {
        let predictor = AnalyticPredictor(name: "ln v", number: { _ in 0 }, byVolume: 1)
        let evaluator = try analyticEvaluator(DesignTemplate(named: "rocksalt"), [(target, predictor)])
        let found = LocalSearch(evaluator: evaluator).run(
            try salt(evaluator), from: evaluator.problem.space.start, limit: 40)
        guard case .window(let window) = evaluator.problem.targets[0].goal else { return }
        let volume = evaluator.problem.space.structure(at: found.x).lattice.volume
        #expect(window.contains(log(volume / 8)) && found.evaluation.isMet)
        #expect(abs(found.evaluation.values[0] - log(volume / 8)) < 1e-12)
        #expect(found.evaluations <= 40)
    }

    /// Two targets that cannot both be met: the least loss, by a scan of the one variable.
    @Test func theLeastLossIsFoundWhereTargetsContradict() throws {
        let evaluator = try analyticEvaluator(
            DesignTemplate(named: "rocksalt"),
            [
                ("2.6±0.1", AnalyticPredictor(name: "first", number: { _ in 0 }, byVolume: 1)),
                ("3.4±0.1*3", AnalyticPredictor(name: "second", number: { _ in 0 }, byVolume: 1)),
            ])
        let salt = try salt(evaluator)
        let found = LocalSearch(evaluator: evaluator).run(
            salt, from: evaluator.problem.space.start, limit: 100)
        let bounds = evaluator.problem.space.bounds[0]
        let least = (0...4000).map { k in
            let x = bounds.lowerBound + (bounds.upperBound - bounds.lowerBound) * Double(k) / 4000
            return evaluator.evaluate(salt, at: [x], gradient: false).loss
        }.min()
        #expect(found.evaluation.loss < (try #require(least)) * (1 + 1e-3))
    }

    /// An extreme drives the cell to its bound, and no further.
    @Test func anExtremeEndsAtTheBound() throws {
        let predictor = AnalyticPredictor(name: "ln v", number: { _ in 0 }, byVolume: 1)
        let evaluator = try analyticEvaluator(DesignTemplate(named: "rocksalt"), [("max", predictor)]) {
            $0.ionicWindow = 0.05
        }
        let salt = try salt(evaluator)
        let bound = evaluator.problem.bounds(salt)[0]
        let found = LocalSearch(evaluator: evaluator).run(
            salt, from: evaluator.problem.ionicStart(salt), limit: 60)
        #expect(abs(found.x[0] - bound.upperBound) < 1e-9)
    }

    /// A predictor that breaks down ends the search where it stands instead of leading it astray.
    @Test func aValueThatIsNoNumberEndsTheSearch() throws {
        let predictor = AnalyticPredictor(name: "broken", number: { _ in .nan })
        let evaluator = try analyticEvaluator(DesignTemplate(named: "rocksalt"), [("1±0.1", predictor)])
        let start = evaluator.problem.space.start
        let found = LocalSearch(evaluator: evaluator).run(try salt(evaluator), from: start, limit: 20)
        #expect(found.x == start && found.evaluations <= 2)
    }
}
