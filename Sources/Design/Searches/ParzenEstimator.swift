import Crystallography
import Foundation
import NumericalMethods

/// A tree-structured Parzen estimator (Bergstra et al., NIPS 2011): the next trial is drawn where the good trials lie
/// denser than the bad ones; the pattern first, then the elements, given the pattern, and the variables.
package struct ParzenEstimator {
    private let problem: DesignProblem
    private var settings: DesignSettings.Parzen { problem.settings.parzen }

    /// √(2π), of a Gaussian's norm.
    private static let gaussian = 2.5066

    package init(_ problem: DesignProblem) { self.problem = problem }

    /// The best by l/g of some draws.
    package func draw(_ history: [DesignTrial], _ random: inout RandomStream) -> DesignTrial {
        let sorted = history.sorted { $0.loss < $1.loss }
        let split = max(
            settings.good.lowerBound, min(settings.good.upperBound, history.count / settings.share))
        let (good, bad) = (Array(sorted.prefix(split)), Array(sorted.dropFirst(split)))
        var best: (score: Double, trial: DesignTrial)?
        for _ in 0..<settings.draws {
            let (decoration, first) = decoration(good, bad, &random)
            let (x, second) = variables(good, bad, &random)
            let score = first + second
            if best.map({ score > $0.score }) != false {
                best = (score, DesignTrial(decoration: decoration, x: x))
            }
        }
        return best?.trial ?? history[0]
    }

    private func decoration(
        _ good: [DesignTrial], _ bad: [DesignTrial], _ random: inout RandomStream
    ) -> (Decoration, score: Double) {
        let patterns = Array(problem.patterns.indices)
        let pattern = pick(patterns, good.map(\.decoration.pattern), &random)
        var score = ratio(
            pattern, patterns.count, good.map(\.decoration.pattern), bad.map(\.decoration.pattern))
        let goodHere = good.filter { $0.decoration.pattern == pattern }
        let badHere = bad.filter { $0.decoration.pattern == pattern }
        let elements = (0..<problem.space.orbitCount).map { orbit in
            let options = problem.choices(pattern, orbit)
            let yes = goodHere.map { $0.decoration.elements[orbit] }
            let element = pick(options, yes, &random)
            score += ratio(element, options.count, yes, badHere.map { $0.decoration.elements[orbit] })
            return element
        }
        return (Decoration(pattern: pattern, elements: elements), score)
    }

    private func variables(
        _ good: [DesignTrial], _ bad: [DesignTrial], _ random: inout RandomStream
    ) -> (x: [Double], score: Double) {
        var score = 0.0
        let x = problem.space.bounds.enumerated().map { k, bound in
            let (yes, no) = (good.map { $0.x[k] }, bad.map { $0.x[k] })
            let range = bound.upperBound - bound.lowerBound
            let centre = random.index(below: yes.count + 1)
            var value = random.uniform(bound.lowerBound, bound.upperBound)
            if centre < yes.count {
                value =
                    yes[centre] + range / Double(yes.count).squareRoot() * settings.width * random.normal()
            }
            value = min(max(value, bound.lowerBound), bound.upperBound)
            score += log(density(value, yes, range) / density(value, no, range))
            return value
        }
        return (x, score)
    }

    /// One of the options, or of those seen.
    private func pick<T>(_ options: [T], _ seen: [T], _ random: inout RandomStream) -> T {
        let index = random.index(below: options.count + seen.count)
        return index < options.count ? options[index] : seen[index - options.count]
    }

    private func ratio<T: Equatable>(_ value: T, _ options: Int, _ good: [T], _ bad: [T]) -> Double {
        func share(_ list: [T]) -> Double {
            (1 + Double(list.count { $0 == value })) / Double(options + list.count)
        }
        return log(share(good) / share(bad))
    }

    /// Gaussians of a common width on the points, and an even part of the weight of one.
    private func density(_ value: Double, _ points: [Double], _ range: Double) -> Double {
        let sigma = max(1e-9, range / Double(max(1, points.count)).squareRoot() * settings.width)
        var sum = 1 / range
        for point in points {
            let u = (value - point) / sigma
            sum += exp(-0.5 * u * u) / (sigma * Self.gaussian)
        }
        return sum / Double(points.count + 1)
    }
}
