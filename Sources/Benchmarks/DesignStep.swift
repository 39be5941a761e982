import Design
import Foundation
import NumericalMethods
import PropertyModels

/// A step of a gradient search over perovskites, as a search makes it: every variable has moved, neighbours are made
/// anew at every tenth step, and the soft mixtures hold every element that the masks allow.
struct DesignStep {
    let evaluator: DesignEvaluator
    let precision: PredictionPrecision

    init(supercell: String, precision: PredictionPrecision, isFree: Bool) throws {
        guard let size = Int(supercell), size > 0 else {
            throw BenchmarkError("give the size of the supercell: 1 or 3")
        }
        var options = DesignProblem.Options()
        options.targets = [
            try PropertyTarget("2.5±0.2", property: "gap", option: "gap"),
            try PropertyTarget("<-0.5", property: "formation-energy", option: "formation-energy"),
        ]
        evaluator = try DesignEvaluator(
            DesignProblem(
                DesignTemplate(
                    named: "perovskite", orbits: isFree ? .free : .group, supercell: SIMD3(repeating: size)),
                options))
        self.precision = precision
    }

    /// The remark is the number of predictor calls a second of processor time.
    var prepared: PreparedBenchmark {
        var stream = RandomStream(seed: 1)
        let problem = evaluator.problem
        let space = problem.space
        var mixtures = [Double](repeating: 0, count: space.orbitCount * MixedCrystal.elementCount)
        for orbit in 0..<space.orbitCount {
            let choices = problem.choices(1, orbit)
            for element in choices {
                mixtures[MixedCrystal.index(orbit, element)] = 1 / Double(choices.count)
            }
        }
        let start = space.start.map { $0 + 0.02 * stream.normal() }
        var list = NeighbourList(space.geometry(at: start), ties: .symmetric)
        var count = 0
        let evaluator = evaluator
        let precision = precision
        let step = {
            count += 1
            let x = start.map { $0 + 1e-4 * Double(count % 10) }
            if count % 10 == 0 { list = NeighbourList(space.geometry(at: x), ties: .symmetric) }
            let evaluation = evaluator.evaluate(
                mixtures: mixtures, at: x, neighbours: list, gradient: true, precision: precision)
            keep(evaluation.loss)
        }
        let models = evaluator.predictors.count
        return PreparedBenchmark(
            call: step,
            remark: { time in
                let begin = clock()
                for _ in 0..<min(2000, max(10, Int(1000 / time.median))) { step() }
                let calls = models * min(2000, max(10, Int(1000 / time.median)))
                let seconds = Double(clock() - begin) / Double(CLOCKS_PER_SEC)
                return String(format: "%.0f calls a second", Double(calls) / seconds)
            })
    }
}
