import Crystallography
import Foundation
import NumericalMethods

/// A line found in a powder pattern.
package struct Peak: Sendable, Hashable {
    /// Degrees, of the first spectral line (Kα1).
    package var twoTheta: Double
    /// Degrees.
    package var uncertainty: Double
    /// Height above the background, in the pattern's unit.
    package var height: Double
    /// That it is no maximum of the noise anywhere in the pattern.
    package var probability: Double = 1
    /// Q = 1/d² = 4 sin²θ/λ² in Å⁻².
    package var q: Double
    /// One standard uncertainty of `q`.
    package var qUncertainty: Double
}

/// Finds the lines of a powder pattern: background by SNIP (Ryan et al. 1988), maxima of the negative second
/// derivative smoothed to the width of the lines (Mariscotti 1967), Kα2 partners removed.
package struct PeakSearch: Sendable {
    package var settings: RecoverySettings.Lines
    /// False for a simulated pattern: what SNIP would take for background are the tails of its lines.
    package var removesBackground = true

    /// The standard search.
    package init(settings: RecoverySettings.Lines = RecoverySettings.Lines()) { self.settings = settings }

    /// Peaks and the background under them.
    package struct Result: Sendable {
        /// Ascending in 2θ.
        package var peaks: [Peak]
        /// Typical full width at half maximum in degrees.
        package var width: Double
        /// At the pattern's points.
        package var background: [Double]
    }

    /// The peaks of a pattern, with Kα₂ taken for what it is.
    package func callAsFunction(_ pattern: PowderPattern, radiation: Radiation) -> Result {
        let count = pattern.twoTheta.count
        let line = radiation.lines[0]
        guard count > settings.fewestPoints else {
            return Result(peaks: [], width: 0.1, background: pattern.intensity)
        }
        let grid = EquidistantPattern(
            pattern, variances: variances(pattern), mostPoints: settings.mostGridPoints)
        let background =
            removesBackground
            ? Self.background(grid.intensity, window: Int(settings.backgroundWindow / grid.step))
            : [Double](repeating: 0, count: grid.intensity.count)
        let net = zip(grid.intensity, background).map { $0 - $1 }
        let width = typicalWidth(net, step: grid.step)
        var response = curvatureResponse(net, variance: grid.variance, sigma: width / 2.3548 / grid.step)
        let excess = areIndependent(pattern, grid) ? 1 : noiseExcess(response, width: width / grid.step)
        response.noise = response.noise.map { excess * $0 }
        var peaks = maxima(response, net: net, grid: grid, width: width, radiation: radiation)
        peaks = removingSecondLines(peaks, width: width, radiation: radiation)
        for index in peaks.indices {
            let wavelength = effectiveWavelength(
                peaks[index].twoTheta, width: width, radiation: radiation)
            let s = sin(peaks[index].twoTheta * .pi / 360)
            let shifted = 2 * asin(min(1, s * line.wavelength / wavelength)) * 180 / .pi
            peaks[index].twoTheta = shifted
            let radian = shifted * .pi / 180
            let factor = 4 / (line.wavelength * line.wavelength)
            peaks[index].q = factor * pow(sin(radian / 2), 2)
            peaks[index].qUncertainty = factor * sin(radian) / 2 * peaks[index].uncertainty * .pi / 180
        }
        let onPattern = pattern.twoTheta.map { grid.value(background, at: $0) }
        return Result(peaks: peaks, width: width, background: onPattern)
    }

    /// Of each point: as stated; of counts their own; of intensities that were scaled or that lost a background what their scatter
    /// says. A pattern whose points do not scatter, or whose intensities are no counts (all below one), carries none.
    private func variances(_ pattern: PowderPattern) -> [Double] {
        if let sigma = pattern.sigma {
            // A point without an uncertainty beside others that have one tells nothing: as noisy as the noisiest.
            let noisiest = pow(sigma.max() ?? 0, 2)
            return sigma.map { $0 > 0 ? $0 * $0 : noisiest }
        }
        let weighting = pattern.weighting
        if removesBackground, weighting.isJudgedByScatter {
            return pattern.intensity.map { 1 / weighting.weight(of: $0) }
        }
        let isCounts = (pattern.intensity.max() ?? 0) > settings.leastCounts
        return pattern.intensity.map { isCounts ? max($0, 1) : 0 }
    }

    /// SNIP: the intensity is clipped by the mean of its neighbours at growing distances, in √ space.
    static func background(_ intensity: [Double], window: Int) -> [Double] {
        let floor = intensity.min() ?? 0
        var v = intensity.map { ($0 - floor + 1).squareRoot() }
        let n = v.count
        for p in stride(from: max(1, min(window, n / 4)), through: 1, by: -1) {
            var clipped = v
            for i in p..<max(p, n - p) {
                clipped[i] = min(v[i], (v[i - p] + v[i + p]) / 2)
            }
            v = clipped
        }
        return v.map { $0 * $0 + floor - 1 }
    }

    /// Median width at half height of the highest separate maxima.
    private func typicalWidth(_ net: [Double], step: Double) -> Double {
        var taken = [Bool](repeating: false, count: net.count)
        var widths: [Double] = []
        let lowest = settings.widthHeight * (net.max() ?? 0)
        for index in net.indices.sorted(by: { net[$0] > net[$1] }) where widths.count < settings.widthSamples
        {
            guard net[index] > lowest else { break }
            guard !taken[index] else { continue }
            let half = net[index] / 2
            var (left, right) = (index, index)
            while left > 0, net[left] > half { left -= 1 }
            while right < net.count - 1, net[right] > half { right += 1 }
            if !taken[left], !taken[right], left > 0, right < net.count - 1 {
                let l = Double(left) + (half - net[left]) / max(1e-300, net[left + 1] - net[left])
                let r = Double(right) - (half - net[right]) / max(1e-300, net[right - 1] - net[right])
                widths.append((r - l) * step)
            }
            let reach = settings.widthSeparation * (right - left)
            for i in max(0, index - reach)...min(net.count - 1, index + reach) { taken[i] = true }
        }
        widths.sort()
        return max(
            settings.leastWidth * step,
            widths.isEmpty ? settings.assumedWidth * step : widths[widths.count / 2])
    }

    private struct Response {
        var value: [Double]
        var noise: [Double]
    }

    /// −(second derivative of a Gaussian) ∗ net, and its standard deviation from the points' variances.
    private func curvatureResponse(_ net: [Double], variance: [Double], sigma: Double) -> Response {
        let s = max(1.0, sigma)
        let reach = Int((settings.kernelReach * s).rounded(.up))
        let kernel = (-reach...reach).map { i -> Double in
            let x = Double(i) / s
            return (1 - x * x) * exp(-x * x / 2)
        }
        let mean = kernel.reduce(0, +) / Double(kernel.count)
        let balanced = kernel.map { $0 - mean }
        var value = [Double](repeating: 0, count: net.count)
        var noise = [Double](repeating: .infinity, count: net.count)
        for i in reach..<max(reach, net.count - reach) {
            var (sum, square) = (0.0, 0.0)
            for (k, weight) in balanced.enumerated() {
                sum += weight * net[i - reach + k]
                square += weight * weight * variance[i - reach + k]
            }
            value[i] = sum
            noise[i] = square.squareRoot()
        }
        return Response(value: value, noise: noise)
    }

    /// Whether neighbouring points err independently, by as much as counts or the file say: then nothing else needs to be asked of the noise, and
    /// crowded lines are not taken for it.
    private func areIndependent(_ pattern: PowderPattern, _ grid: EquidistantPattern) -> Bool {
        let isStated = pattern.sigma != nil || !(removesBackground && pattern.weighting.isJudgedByScatter)
        let scatter = PointScatter(
            grid.intensity, variance: grid.variance, fewest: settings.fewestDifferences)
        return isStated && scatter.ratio.map(settings.independentScatter.contains) ?? false
    }

    /// By what the noise exceeds that of the points' own variances, in what a line answers to. Neighbouring points that were smoothed
    /// or resampled err together: what the noise does over a line's width is more than what their scatter from point to point says.
    /// Lines only ever add to what is taken for noise: the less of two judgements, which lines spoil in different patterns.
    private func noiseExcess(_ response: Response, width: Double) -> Double {
        let quiet = quietExcess(response, width: width)
        let excess = min(quiet, excessBetweenLines(response, width: width) ?? quiet)
        return excess > settings.noiseExcess ? excess : 1
    }

    /// Of the quietest blocks, which hold no lines in most patterns.
    private func quietExcess(_ response: Response, width: Double) -> Double {
        let shares = zip(response.value, response.noise).compactMap { value, noise in
            noise.isFinite && noise > 0 ? abs(value) / noise / 0.6745 : nil
        }
        let length = max(8, Int(settings.noiseBlock * width))
        let blocks = stride(from: 0, to: shares.count - length + 1, by: length).map {
            Statistics.median(Array(shares[$0..<($0 + length)]))
        }
        guard Double(blocks.count) * settings.noiseShare >= 1 else { return 1 }
        return blocks.sorted()[Int(Double(blocks.count) * settings.noiseShare)] / settings.noiseLevel
    }

    /// Of second differences of the response between strong lines, whose tails and the background's bends they leave out. Nil where lines
    /// stand too near one another.
    private func excessBetweenLines(_ response: Response, width: Double) -> Double? {
        let shares = zip(response.value, response.noise).map { value, noise in
            noise.isFinite && noise > 0 ? value / noise : .nan
        }
        let lag = max(1, Int((settings.noiseLag * width).rounded()))
        let ofWhite = secondDifference(lag: Double(lag) / max(1, width / 2.3548))
        var excess: Double?
        for _ in 0..<settings.noiseRounds {
            let isNear = besideLines(
                shares, above: settings.strongLine * (excess ?? 1), reach: Int(settings.lineReach * width))
            let differences = shares.indices.dropFirst(lag).dropLast(lag).compactMap { i -> Double? in
                guard !isNear[i - lag], !isNear[i], !isNear[i + lag] else { return nil }
                let difference = abs(shares[i] - (shares[i - lag] + shares[i + lag]) / 2)
                return difference.isNaN ? nil : difference
            }
            guard differences.count >= settings.fewestDifferences else { return excess }
            let judged = Statistics.median(differences) / 0.6745 / ofWhite
            if let excess, abs(judged - excess) < settings.noiseAgreement * excess { return judged }
            excess = judged
        }
        return excess
    }

    /// Which points stand within `reach` of one above `limit`.
    private func besideLines(_ shares: [Double], above limit: Double, reach: Int) -> [Bool] {
        var isNear = [Bool](repeating: false, count: shares.count)
        var marked = 0
        for index in shares.indices where shares[index] > limit {
            let end = min(shares.count, index + reach + 1)
            for i in max(marked, index - reach)..<max(marked, end) { isNear[i] = true }
            marked = max(marked, end)
        }
        return isNear
    }

    /// Standard deviation of the second difference of the response to white noise of unit deviation, `lag` in standard deviations of the
    /// kernel, whose autocorrelation is that of a Gaussian's second derivative.
    private func secondDifference(lag: Double) -> Double {
        func correlation(_ u: Double) -> Double { (1 - u * u + pow(u, 4) / 12) * exp(-u * u / 4) }
        return (1.5 - 2 * correlation(lag) + correlation(2 * lag) / 2).squareRoot()
    }

    /// That a maximum of the response is none of the noise's: of white noise a pattern holds about as many independent ones as widths of a
    /// line.
    private func probability(_ significance: Double, widths: Double) -> Double {
        max(0, 1 - widths * erfc(significance / 2.0.squareRoot()) / 2)
    }

    private func maxima(
        _ response: Response, net: [Double], grid: EquidistantPattern, width: Double, radiation: Radiation
    ) -> [Peak] {
        let highest = response.value.max() ?? 0
        var peaks: [Peak] = []
        for i in 1..<max(1, net.count - 1) {
            let v = response.value[i]
            guard v > response.value[i - 1], v >= response.value[i + 1],
                v > settings.relativeHeight * highest,
                v > settings.significance * response.noise[i], net[i] > 0
            else { continue }
            let (l, r) = (response.value[i - 1], response.value[i + 1])
            let curvature = l - 2 * v + r
            let shift = curvature < 0 ? 0.5 * (l - r) / curvature : 0
            let counting = width / 2.3548 * response.noise[i] / v
            let uncertainty =
                (counting * counting + pow(settings.positionShare * width, 2)
                + pow(settings.positionStep * grid.step, 2)).squareRoot()
            peaks.append(
                Peak(
                    twoTheta: grid.twoTheta(Double(i) + shift), uncertainty: uncertainty, height: net[i],
                    probability: probability(
                        v / response.noise[i], widths: Double(net.count) * grid.step / width),
                    q: 0, qUncertainty: 0))
        }
        return peaks
    }

    /// Drops peaks that stand where the second spectral line of a stronger peak is expected.
    private func removingSecondLines(_ peaks: [Peak], width: Double, radiation: Radiation) -> [Peak] {
        guard radiation.lines.count > 1 else { return peaks }
        let (first, second) = (radiation.lines[0], radiation.lines[1])
        let ratio = second.weight / first.weight
        return peaks.filter { peak in
            !peaks.contains { other in
                let s = sin(other.twoTheta * .pi / 360) * second.wavelength / first.wavelength
                guard s < 1 else { return false }
                let expected = 2 * asin(s) * 180 / .pi
                let share = peak.height / other.height
                return expected - other.twoTheta > settings.secondLineSplit * width
                    && abs(peak.twoTheta - expected) < settings.secondLineDistance * width
                    && share > settings.secondLineHeight.lowerBound * ratio
                    && share < settings.secondLineHeight.upperBound * ratio
            }
        }
    }

    /// The mean wavelength where the doublet is not resolved, the first line's where it is.
    private func effectiveWavelength(_ twoTheta: Double, width: Double, radiation: Radiation) -> Double {
        let first = radiation.lines[0].wavelength
        let weight = radiation.lines.reduce(0) { $0 + $1.weight }
        let mean = radiation.lines.reduce(0) { $0 + $1.weight * $1.wavelength } / weight
        let spread = (radiation.lines.map(\.wavelength).max() ?? first) - first
        let split = 2 * tan(twoTheta * .pi / 360) * spread / first * 180 / .pi
        return split < settings.resolvedSplit * width ? mean : first
    }
}

/// A pattern on an equidistant grid, by linear interpolation where it is not so already.
struct EquidistantPattern {
    let start: Double
    let step: Double
    let intensity: [Double]
    let variance: [Double]

    /// - Parameters:
    ///   - variances: of the pattern's points.
    ///   - mostPoints: of the grid for each of the pattern.
    init(_ pattern: PowderPattern, variances v: [Double], mostPoints: Int) {
        let x = pattern.twoTheta
        let steps = zip(x.dropFirst(), x).map { $0 - $1 }.sorted()
        // The usual step, but never so fine that gaps, or points crowded in one place, make millions of points.
        let finest = (x[x.count - 1] - x[0]) / Double(mostPoints * x.count)
        let median = max(steps[steps.count / 2], finest)
        let count = Int(((x[x.count - 1] - x[0]) / median).rounded()) + 1
        let spacing = (x[x.count - 1] - x[0]) / Double(count - 1)
        var intensity: [Double] = []
        var variance: [Double] = []
        var j = 0
        for i in 0..<count {
            let t = x[0] + Double(i) * spacing
            while j < x.count - 2, x[j + 1] < t { j += 1 }
            let f = max(0, min(1, (t - x[j]) / (x[j + 1] - x[j])))
            intensity.append(pattern.intensity[j] * (1 - f) + pattern.intensity[j + 1] * f)
            variance.append(v[j] * (1 - f) + v[j + 1] * f)
        }
        (start, step) = (x[0], spacing)
        self.intensity = intensity
        self.variance = variance
    }

    func twoTheta(_ index: Double) -> Double { start + index * step }

    func value(_ values: [Double], at twoTheta: Double) -> Double {
        let position = max(0, min(Double(values.count - 1), (twoTheta - start) / step))
        let i = min(values.count - 2, Int(position))
        let f = position - Double(i)
        return values[i] * (1 - f) + values[i + 1] * f
    }
}
