/// What the weights of a pattern's points rest on: what the file states, or what the intensities themselves show.
///
/// Counts scatter by their square root. Intensities that were scaled, normalised, smoothed or corrected do not, and a fit
/// to them has no expected R factor.
package struct CountingStatistics: Sendable, Hashable {
    package enum Basis: Sendable, Hashable {
        /// The file's own uncertainties or weights.
        case stated(PowderPattern.UncertaintySource)
        /// Counts as they were counted: σ² = y.
        case counts
        /// The scatter is that of counts multiplied by this factor: σ² = factor · y.
        case scaled(factor: Double)
        /// Some intensities are below zero: a background has been subtracted.
        case negative
        /// Fractions that are too few for their scatter to be judged.
        case fractions
        /// The points do not scatter: calculated, smoothed, or made by hand.
        case smooth
    }

    package let basis: Basis
    /// The intensity that one count makes; σ² = `quantum` · y.
    package let quantum: Double
    /// The least variance of a point, in the pattern's unit squared.
    package let leastVariance: Double

    package init(basis: Basis, quantum: Double, leastVariance: Double) {
        self.basis = basis
        self.quantum = quantum
        self.leastVariance = leastVariance
    }

    /// Whether the weights are absolute, so that Rexp and a goodness of fit mean something.
    package var hasExpectedR: Bool {
        switch basis {
        case .stated, .counts: true
        case .scaled, .negative, .fractions, .smooth: false
        }
    }

    /// Whether the variances are those that the points themselves show, for want of anything better.
    package var isJudgedByScatter: Bool {
        switch basis {
        case .scaled, .negative: true
        case .stated, .counts, .fractions, .smooth: false
        }
    }

    /// What was assumed, in one sentence for the user.
    package var sentence: String {
        switch basis {
        case .stated(.deviations): "Weights 1/σ² from the uncertainties that the file states."
        case .stated(.weights): "Weights as the file states them."
        case .stated(.weightsThatAreDeviations):
            "The file's weights rise with its intensities as only σ does: they are taken as σ, weights 1/σ²."
        case .stated(.weightsThatAreVariances):
            "The file's weights rise as its intensities do, as only σ² does: they are taken as σ², weights 1/σ²."
        case .stated(.deviationsThatAreWeights):
            "The file's uncertainties fall as its intensities rise as only 1/σ² does: they are taken as weights."
        case .stated(.counting): "Weights 1/σ² from the counting that the file describes."
        case .counts: "The file states no uncertainties: Poisson counts are assumed, σ² = y."
        case .scaled(let factor):
            "The intensities are no counts: they scatter \(Self.rounded(factor.squareRoot())) times as much as √y; "
                + "weights 1/(\(Self.rounded(factor))·y), no Rexp."
        case .negative:
            "Intensities below zero are no counts: a background was subtracted; weights from the scatter, no Rexp."
        case .fractions:
            "The intensities are fractions, so no counts; weights as if the highest were 10,000 counts, no Rexp."
        case .smooth:
            "The intensities do not scatter as counts do (calculated or smoothed); weights 1/y, no Rexp."
        }
    }

    /// 1/variance of an intensity without a stated uncertainty.
    package func weight(of intensity: Double) -> Double { 1 / max(quantum * intensity, leastVariance) }

    private static func rounded(_ value: Double) -> String {
        guard value.isFinite, value > 0 else { return "0" }
        var scale = 1.0
        while value * scale < 100 { scale *= 10 }
        while value * scale >= 1000 { scale /= 10 }
        let digits = (value * scale).rounded()
        let shown = scale >= 1 ? digits / scale : digits * (1 / scale)
        return shown == shown.rounded() && shown < 1e9 ? "\(Int(shown))" : "\(shown)"
    }
}

extension CountingStatistics {
    /// Variances up to twice or down to half of y pass as counts: dead time, a rebinned scan, the estimate's own error.
    private static let countsFactor = 0.5...2.0
    /// Below this the points follow a smooth curve.
    private static let smoothFactor = 1e-4
    /// A pattern whose highest point lies below holds no counts worth the name; its floor is a share of that point.
    private static let leastMaximum = 50.0
    /// What the highest point of a pattern of fractions stands for.
    private static let assumedMaximum = 1e4

    package init(of pattern: PowderPattern) {
        if pattern.sigma != nil {
            self.init(basis: .stated(pattern.uncertaintySource), quantum: 1, leastVariance: 1)
            return
        }
        let y = pattern.intensity
        let highest = y.max() ?? 1
        let scatter = Scatter(y)
        // One count, where the intensities have no scatter to tell: as counts if they are large enough.
        let fallback = highest >= Self.leastMaximum ? 1 : highest / Self.assumedMaximum
        if y.contains(where: { $0 < 0 }) {
            // Beside zero nothing shows what a count is; where lines stand high above the noise, their scatter does.
            let quiet = scatter.flatMap { $0.factor > 0 ? $0.factor : nil } ?? fallback
            let quantum = min(quiet, scatter?.brightFactor ?? quiet)
            self.init(
                basis: .negative, quantum: quantum,
                leastVariance: max(scatter?.variance ?? quantum * quantum, 1e-12 * highest * highest))
            return
        }
        guard let scatter else {
            let isWhole = y.allSatisfy { $0 == $0.rounded() }
            self.init(
                basis: isWhole ? .counts : .fractions, quantum: isWhole ? 1 : fallback,
                leastVariance: isWhole ? 1 : fallback * fallback)
            return
        }
        if Self.countsFactor.contains(scatter.factor) {
            self.init(basis: .counts, quantum: 1, leastVariance: 1)
        } else if scatter.factor < Self.smoothFactor * fallback {
            self.init(basis: .smooth, quantum: fallback, leastVariance: fallback * fallback)
        } else {
            self.init(
                basis: .scaled(factor: scatter.factor), quantum: scatter.factor,
                leastVariance: scatter.factor * scatter.factor)
        }
    }
}

/// The point-to-point scatter of a pattern's intensities beside √y, from third differences of its quieter part: they
/// annihilate a background's parabola, and lines stand in the part left out.
private struct Scatter {
    /// σ²/y; 1 for counts.
    let factor: Double
    /// σ² of the quieter part.
    let variance: Double
    /// (σ² − `variance`)/y where y stands high above the noise, the lowest quarter of it: a line's own shape scatters as well. Nil
    /// where too little stands so high.
    let brightFactor: Double?

    /// Third differences averaged before the median of them is taken.
    static let blockLength = 12
    /// Fewer blocks judge nothing.
    static let leastBlocks = 5
    /// The share of the points, from the lowest, that is judged.
    static let quietShare = 0.6
    /// Standard deviations of the quieter part that a bright point has.
    static let brightLevel = 5.0

    /// nil where there are too few points.
    init?(_ y: [Double]) {
        guard y.count >= 8 else { return nil }
        var windows: [(difference: Double, expected: Double, level: Double)] = []
        for i in 0..<(y.count - 3) {
            let difference = y[i] - 3 * y[i + 1] + 3 * y[i + 2] - y[i + 3]
            let expected = y[i] + 9 * y[i + 1] + 9 * y[i + 2] + y[i + 3]
            let level = y[i] + y[i + 1] + y[i + 2] + y[i + 3]
            windows.append((difference * difference, expected, level))
        }
        // Runs of zeros (a pattern cut at its noise) say nothing of counting.
        let counted = windows.filter { $0.level != 0 || $0.difference != 0 }
        guard !counted.isEmpty else { return nil }
        let levels = counted.map(\.level).sorted()
        let limit = levels[Int(Double(levels.count - 1) * Self.quietShare)]
        let quiet = counted.filter { $0.level <= limit }
        var factors: [Double] = []
        var variances: [Double] = []
        for start in stride(from: 0, to: quiet.count - Self.blockLength + 1, by: Self.blockLength) {
            let block = quiet[start..<(start + Self.blockLength)]
            let square = block.reduce(0) { $0 + $1.difference }
            let expected = block.reduce(0) { $0 + $1.expected }
            // 1 + 9 + 9 + 1 variances make a third difference's.
            variances.append(square / Double(20 * Self.blockLength))
            if expected > 0 { factors.append(square / expected) }
        }
        guard variances.count >= Self.leastBlocks else { return nil }
        variances.sort()
        factors.sort()
        factor = factors.isEmpty ? 0 : factors[factors.count / 2]
        let variance = variances[variances.count / 2]
        self.variance = variance
        brightFactor = Self.brightFactor(windows, variance: variance)
    }

    private static func brightFactor(
        _ windows: [(difference: Double, expected: Double, level: Double)], variance: Double
    ) -> Double? {
        let limit = 4 * brightLevel * variance.squareRoot()
        let bright = windows.filter { $0.level > limit && $0.expected > 0 }
        var factors = stride(from: 0, to: bright.count - blockLength + 1, by: blockLength).map { start in
            let block = bright[start..<(start + blockLength)]
            let square = block.reduce(0) { $0 + $1.difference } - variance * Double(20 * blockLength)
            return max(0, square) / block.reduce(0) { $0 + $1.expected }
        }
        guard factors.count >= leastBlocks else { return nil }
        factors.sort()
        return factors[factors.count / 4]
    }
}

extension PowderPattern {
    /// What the weights of the points rest on.
    package var weighting: CountingStatistics { CountingStatistics(of: self) }
}
