import Crystallography
import Foundation

/// Two patterns on one grid, so that they can be compared point by point.
package struct CommonGrid: Sendable, Hashable {
    /// Degrees 2θ.
    package let twoTheta: [Double]
    package let first: [Double]
    package let second: [Double]
    /// σ of the first where its file gives them and the grid is its own.
    package let firstSigma: [Double]?
    /// What was done, one sentence.
    package let how: String

    /// Equal grids stay as they are. Otherwise the range is what both cover, the step the coarser of the two median
    /// steps (no detail is invented), and each point the mean, over its step, of the pattern's linear interpolant.
    /// A second pattern of another wavelength is first brought to the first's: sinθ′ = sinθ λ₁/λ₂.
    ///
    /// - Parameter range: narrows the common range, degrees.
    package init(
        _ a: PowderPattern, _ b: PowderPattern, range: ClosedRange<Double>? = nil
    ) throws(PatternError) {
        var notes: [String] = []
        var b = b
        if let first = a.radiation?.wavelength,
            let second = b.radiation?.wavelength,
            abs(first / second - 1) > 1e-3
        {
            b = Self.moved(b, by: first / second)
            notes.append("the second pattern's angles are brought from \(second) to \(first) Å")
        }
        let (a, same) = (Self.restricted(a, range), a.twoTheta == b.twoTheta)
        if same {
            b = Self.restricted(b, range)
            guard a.twoTheta.count >= 2 else { throw .noOverlap(Self.emptiness(a, b)) }
            (twoTheta, first, second, firstSigma) = (a.twoTheta, a.intensity, b.intensity, a.sigma)
            how = (notes + ["both on the grid they came with"]).joined(separator: "; ")
            return
        }
        b = Self.restricted(b, range)
        guard a.twoTheta.count >= 2, b.twoTheta.count >= 2 else { throw .noOverlap(Self.emptiness(a, b)) }
        let low = max(a.twoTheta[0], b.twoTheta[0])
        let high = min(a.twoTheta[a.twoTheta.count - 1], b.twoTheta[b.twoTheta.count - 1])
        let step = max(Self.medianStep(a.twoTheta), Self.medianStep(b.twoTheta))
        let count = ((high - low) / step + 1e-6).rounded(.down)
        guard count >= 9, count < 1e8 else { throw .noOverlap(Self.emptiness(a, b)) }
        let grid = (0...Int(count)).map { low + Double($0) * step }
        twoTheta = grid
        first = Self.means(of: a, at: grid, step: step)
        second = Self.means(of: b, at: grid, step: step)
        firstSigma = nil
        func short(_ x: Double) -> String { String(format: "%.6g", x) }
        notes.append(
            "common range \(short(low))–\(short(high))°, step \(short(step))° (the coarser of the two), each point the "
                + "mean of the linear interpolant over its step")
        how = notes.joined(separator: "; ")
    }

    private static func emptiness(_ a: PowderPattern, _ b: PowderPattern) -> String {
        func span(_ p: PowderPattern) -> String {
            guard let first = p.twoTheta.first, let last = p.twoTheta.last else { return "nothing" }
            return "\(first)–\(last)°"
        }
        return "the patterns have less than ten points in common: \(span(a)) and \(span(b)); widen the range"
    }

    private static func restricted(_ p: PowderPattern, _ range: ClosedRange<Double>?) -> PowderPattern {
        range.map { p.restricted(to: $0) } ?? p
    }

    private static func moved(_ p: PowderPattern, by ratio: Double) -> PowderPattern {
        var result = PowderPattern(
            title: p.title, twoTheta: [], intensity: [], sigma: p.sigma == nil ? nil : [],
            radiation: p.radiation)
        for i in p.twoTheta.indices {
            let sine = sin(p.twoTheta[i] * .pi / 360) * ratio
            guard abs(sine) < 1 else { continue }
            result.twoTheta.append(asin(sine) * 360 / .pi)
            result.intensity.append(p.intensity[i])
            if let sigma = p.sigma { result.sigma?.append(sigma[i]) }
        }
        return result
    }

    private static func medianStep(_ x: [Double]) -> Double {
        let steps = zip(x, x.dropFirst()).map { $1 - $0 }.sorted()
        return steps[steps.count / 2]
    }

    /// The mean of the linear interpolant over each step, at the ends over what the pattern covers.
    private static func means(of p: PowderPattern, at grid: [Double], step: Double) -> [Double] {
        let (x, y) = (p.twoTheta, p.intensity)
        let last = x.count - 1
        // ∫ of the interpolant up to each point.
        var areas = [0.0]
        for i in 1...last { areas.append(areas[i - 1] + 0.5 * (y[i] + y[i - 1]) * (x[i] - x[i - 1])) }
        var segment = 0
        func area(_ t: Double) -> Double {
            while segment < last - 1, x[segment + 1] < t { segment += 1 }
            while segment > 0, x[segment] > t { segment -= 1 }
            let u = t - x[segment]
            let slope = (y[segment + 1] - y[segment]) / (x[segment + 1] - x[segment])
            return areas[segment] + u * (y[segment] + 0.5 * slope * u)
        }
        return grid.map { t in
            let (from, to) = (max(t - step / 2, x[0]), min(t + step / 2, x[last]))
            guard to > from else { return t <= x[0] ? y[0] : y[last] }
            let before = area(from)
            return (area(to) - before) / (to - from)
        }
    }
}
