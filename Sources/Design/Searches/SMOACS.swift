import Crystallography
import Foundation
import NumericalMethods
import PropertyModels

/// SMOACS as published (Fujii et al., arXiv 2410.08562): soft elements on every site, weights over neutral patterns,
/// masks that multiply logits (so that forbidden elements keep probability), a temperature that falls from 1e-2 to
/// 1e-4 in 200 steps, Adam with cosine decay, copies of good candidates with mutations at a quarter, a half and
/// three quarters. Learning rates are not published: those here are ours. The classifier's gate, which the paper's
/// predictors lack, enters its loss as one more hinge.
package struct SMOACS: CandidateSearch {
    let evaluator: DesignEvaluator
    let budget: SearchBudget
    private var problem: DesignProblem { evaluator.problem }
    private var settings: DesignSettings.Smoacs { problem.settings.smoacs }

    /// The published range of atomic numbers.
    static let elements = 98

    private struct State: Sendable {
        var logits: [Double]
        var weights: [Double]
        var x: [Double]
        var loss = Double.infinity
        var adam: [AdamStep]
    }

    package init(evaluator: DesignEvaluator, budget: SearchBudget) {
        (self.evaluator, self.budget) = (evaluator, budget)
    }

    package func run(_ report: @escaping DesignReporting) async throws -> DesignResult {
        // One evaluation is the verdict.
        let steps = max(1, budget.calls / (budget.candidates * evaluator.callsPerEvaluation) - 1)
        let orbits = problem.space.orbitCount
        var states = (0..<budget.candidates).map { index -> State in
            var random = RandomStream(seed: budget.seed, index: UInt64(index))
            return State(
                logits: (0..<(orbits * Self.elements)).map { _ in random.uniform(0, settings.spread) },
                weights: problem.patterns.map { _ in random.uniform(0, settings.spread) },
                x: problem.space.bounds.enumerated().map { k, bound in
                    problem.space.isLength[k]
                        ? random.uniform(bound.lowerBound, bound.upperBound) : problem.space.start[k]
                },
                adam: [
                    AdamStep(orbits * Self.elements), AdamStep(problem.patterns.count),
                    AdamStep(problem.space.count),
                ])
        }
        var progress: [DesignResult.Progress] = []
        for step in 0..<steps {
            let share = Double(step) / Double(max(1, steps - 1))
            let temperature =
                settings.firstTemperature
                + (settings.lastTemperature - settings.firstTemperature) * share
            let decay = 0.5 * (1 + cos(.pi * share))
            states = try await parallelMap(states, width: budget.jobs) {
                advanced($0, temperature: temperature, decay: decay, number: step + 1)
            }
            if steps >= 4, [steps / 4, steps / 2, 3 * steps / 4].contains(step + 1) {
                mutate(&states, round: step)
            }
            progress.append(
                .init(
                    calls: (step + 1) * budget.candidates * evaluator.callsPerEvaluation, successes: 0,
                    compositions: 0))
            if let last = progress.last { report(last) }
        }
        var candidates = try await parallelMap(states, width: budget.jobs) { state in
            evaluator.judge(hardened(state), at: state.x)
        }
        candidates.sort { ($0.isSuccess ? 0 : 1, $0.loss) < ($1.isSuccess ? 0 : 1, $1.loss) }
        let feasible = Set(candidates.filter(\.isSuccess).map { problem.composition($0.decoration) })
        let calls = (steps + 1) * budget.candidates * evaluator.callsPerEvaluation
        progress.append(
            .init(
                calls: calls, successes: candidates.filter(\.isSuccess).count, compositions: feasible.count))
        return DesignResult(
            method: DesignMethod.smoacs.rawValue, candidates: candidates, calls: calls, progress: progress,
            feasible: feasible)
    }

    /// The worse half becomes copies of the better half with noise on logits and cell.
    private func mutate(_ states: inout [State], round: Int) {
        var random = RandomStream(seed: budget.seed ^ 0xC0FFEE, index: UInt64(round))
        let order = states.indices.sorted { states[$0].loss < states[$1].loss }
        let half = states.count / 2
        for k in 0..<half {
            var copy = states[order[k]]
            for i in copy.logits.indices { copy.logits[i] += settings.logitMutation * random.normal() }
            for i in copy.x.indices { copy.x[i] += settings.variableMutation * random.normal() }
            copy.x = problem.space.clamped(copy.x)
            states[order[states.count - 1 - k]] = copy
        }
    }

    /// Places in logits of the elements that a pattern allows on an orbit.
    private func allowed(_ pattern: Int, _ orbit: Int) -> [Int] {
        problem.choices(pattern, orbit).filter { $0.atomicNumber <= Self.elements }.map {
            orbit * Self.elements + $0.atomicNumber - 1
        }
    }

    /// p for each pattern, w, q: softmax of masked logits, of weights, and of their mixture.
    private func distributions(
        _ state: State, _ temperature: Double
    ) -> (p: [[Double]], w: [Double], q: [Double]) {
        let (orbits, n) = (problem.space.orbitCount, Self.elements)
        let w = Softmax.values(state.weights.map { $0 / temperature }, rows: 1)
        var p: [[Double]] = []
        var mixed = [Double](repeating: 0, count: orbits * n)
        for pattern in problem.patterns.indices {
            var masked = [Double](repeating: 0, count: orbits * n)
            for orbit in 0..<orbits {
                for k in allowed(pattern, orbit) { masked[k] = state.logits[k] / temperature }
            }
            let own = Softmax.values(masked, rows: orbits)
            for k in own.indices { mixed[k] += w[pattern] * own[k] }
            p.append(own)
        }
        return (p, w, Softmax.values(mixed.map { $0 / temperature }, rows: orbits))
    }

    private func advanced(_ state: State, temperature: Double, decay: Double, number: Int) -> State {
        let (orbits, n) = (problem.space.orbitCount, Self.elements)
        let (p, w, q) = distributions(state, temperature)
        var mixtures = [Double](repeating: 0, count: orbits * MixedCrystal.elementCount)
        for orbit in 0..<orbits {
            for z in 0..<n { mixtures[orbit * MixedCrystal.elementCount + z] = q[orbit * n + z] }
        }
        let evaluation = evaluator.evaluate(mixtures: mixtures, at: state.x, gradient: true)
        var (loss, slopes) = publishedLoss(evaluation.values)
        var dq = [Double](repeating: 0, count: orbits * n)
        var dx = [Double](repeating: 0, count: state.x.count)
        for (k, slope) in slopes.enumerated() where slope != 0 {
            for orbit in 0..<orbits {
                for z in 0..<n {
                    dq[orbit * n + z] +=
                        slope * evaluation.mixtureGradients[k][orbit * MixedCrystal.elementCount + z]
                }
            }
            for i in dx.indices { dx[i] += slope * evaluation.gradients[k][i] }
        }
        loss += toleranceLoss(q, w, &dq)
        // Back through q = softmax(Σ w p / T), p = softmax(mask ∘ a / T), w = softmax(o / T).
        let dmixed = Softmax.reverse(q, dq, rows: orbits).map { $0 / temperature }
        var dlogits = [Double](repeating: 0, count: orbits * n)
        var dw = [Double](repeating: 0, count: w.count)
        for pattern in problem.patterns.indices {
            for k in dmixed.indices { dw[pattern] += dmixed[k] * p[pattern][k] }
            let back = Softmax.reverse(p[pattern], dmixed.map { $0 * w[pattern] }, rows: orbits)
            for orbit in 0..<orbits {
                for k in allowed(pattern, orbit) { dlogits[k] += back[k] / temperature }
            }
        }
        let dweights = Softmax.reverse(w, dw, rows: 1).map { $0 / temperature }
        var next = state
        next.loss = loss
        next.adam[0].step(&next.logits, dlogits, rate: settings.logitRate * decay, number: number)
        next.adam[1].step(&next.weights, dweights, rate: settings.weightRate * decay, number: number)
        next.adam[2].step(&next.x, dx, rate: settings.variableRate * decay, number: number)
        next.x = problem.space.clamped(next.x)
        return next
    }

    /// max(0, |y − target| − 0.2 · half width) for a window, the value itself for a one-sided target.
    private func publishedLoss(_ values: [Double]) -> (Double, [Double]) {
        var loss = 0.0
        var slopes = [Double](repeating: 0, count: values.count)
        for (k, target) in problem.targets.enumerated() {
            let sign: Double
            switch target.goal {
            case .minimum: sign = 1
            case .maximum: sign = -1
            case .window(let range) where range.lowerBound == -.infinity: sign = 1
            case .window(let range) where range.upperBound == .infinity: sign = -1
            case .window(let range):
                let middle = (range.lowerBound + range.upperBound) / 2
                let miss = abs(values[k] - middle) - settings.window * (range.upperBound - range.lowerBound)
                if miss > 0 {
                    loss += target.weight * miss
                    slopes[k] += target.weight * (values[k] > middle ? 1 : -1)
                }
                continue
            }
            loss += target.weight * sign * values[k]
            slopes[k] += target.weight * sign
        }
        if let gate = evaluator.loss.gate {
            let chance = evaluator.loss.inside(values[gate])
            let miss = log(chance / (1 - chance)) + evaluator.loss.settings.gateMargin
            if miss > 0 {
                loss += miss
                slopes[gate] += 1 / (chance * (1 - chance))
            }
        }
        return (loss, slopes)
    }

    /// |t − 0.9| with radii averaged over the allowed part of the distributions.
    private func toleranceLoss(_ q: [Double], _ w: [Double], _ dq: inout [Double]) -> Double {
        guard let range = problem.toleranceRange, problem.toleranceKind == .goldschmidt else { return 0 }
        let n = Self.elements
        let middle = (range.lowerBound + range.upperBound) / 2
        var sums = [Double](repeating: 0, count: 3)
        var masses = [Double](repeating: 1e-12, count: 3)
        func visit(_ body: (_ index: Int, _ role: Int, _ factor: Double, _ radius: Double) -> Void) {
            for orbit in 0..<problem.space.orbitCount {
                let role = problem.template.roleOfOrbit[orbit]
                for pattern in problem.patterns.indices {
                    for element in problem.choices(pattern, orbit) where element.atomicNumber <= n {
                        body(
                            orbit * n + element.atomicNumber - 1, role,
                            w[pattern] * problem.space.multiplicities[orbit],
                            problem.radius(element, role: role, pattern: pattern))
                    }
                }
            }
        }
        visit { index, role, factor, radius in
            sums[role] += factor * q[index] * radius
            masses[role] += factor * q[index]
        }
        let r = zip(sums, masses).map { $0 / $1 }
        let root = 2.0.squareRoot()
        let t = (r[0] + r[2]) / (root * (r[1] + r[2]))
        guard t.isFinite else { return 0 }
        let sign = t > middle ? 1.0 : -1.0
        let by = [
            1 / (root * (r[1] + r[2])), -t / (r[1] + r[2]), 1 / (root * (r[1] + r[2])) - t / (r[1] + r[2]),
        ]
        visit { index, role, factor, radius in
            dq[index] += sign * by[role] * factor * (radius - r[role]) / masses[role]
        }
        return abs(t - middle)
    }

    /// One element a site: the largest share, allowed or not, as published.
    private func hardened(_ state: State) -> Decoration {
        let (_, w, q) = distributions(state, settings.lastTemperature)
        let n = Self.elements
        let pattern = w.indices.max { w[$0] < w[$1] } ?? 0
        return Decoration(
            pattern: pattern,
            elements: (0..<problem.space.orbitCount).compactMap { orbit in
                let largest = (0..<n).max { q[orbit * n + $0] < q[orbit * n + $1] } ?? 0
                return Element(atomicNumber: largest + 1)
            })
    }
}
