extension RecoverySettings {
    /// How lines are told from background and noise (`PeakSearch`).
    public struct Lines: Codable, Sendable, Hashable {
        /// Standard deviations of the counting noise that a line must stand out by. Five: of 10,000 points none by chance.
        public var significance = 5.0
        /// Scatter from point to point beside what their variances say (`PointScatter`), within which points err independently: two points'
        /// mean, the least smoothing, has 0.35.
        public var independentScatter = 0.9...1.1
        /// Widths of a line in a block of which the noise is judged (`noiseShare`).
        public var noiseBlock = 20.0
        /// Share of the blocks, the quietest, that hold no lines.
        public var noiseShare = 0.17
        /// Of white noise: median size of the response over 0.6745 σ in the block that ends the quietest `noiseShare`: 0.84 ± 0.06 in simulations of
        /// 2,000 to 50,000 points.
        public var noiseLevel = 0.84
        /// Times white noise from which the points' noise is taken for correlated, as smoothing and resampling make it: three standard
        /// deviations of `noiseLevel`.
        public var noiseExcess = 1.2
        /// Widths over which second differences tell the noise: what was smoothed over less is seen whole (simulations with boxes of 1 to 15
        /// points: within a tenth, 0.7 to 1.5 widths alike).
        public var noiseLag = 1.0
        /// Times the noise from which a maximum is a strong line, beside which nothing is noise. Ten: of the noise none.
        public var strongLine = 10.0
        /// Widths on either side of a strong line that belong to it: the kernel's reach and the line's own foot.
        public var lineReach = 2.0
        /// Second differences below which they tell no noise.
        public var fewestDifferences = 50
        /// Times that strong lines and noise are judged by each other at most.
        public var noiseRounds = 12
        /// Share of the noise by which two rounds may differ: less than what it is known to.
        public var noiseAgreement = 0.01
        /// Share of the highest line's response below which a maximum is no line. Unexplained, from the first search.
        public var relativeHeight = 0.002
        /// Degrees 2θ; half-width of the SNIP window (Ryan et al. 1988), several lines wide. Unexplained, from the first search.
        public var backgroundWindow = 2.5
        /// Points; a shorter pattern has no lines.
        public var fewestPoints = 20
        /// Maxima whose median width is the pattern's.
        public var widthSamples = 10
        /// Share of the highest point below which no maximum tells a width: a pattern of few broad lines must not take its noise
        /// for lines.
        public var widthHeight = 0.05
        /// Widths on either side of a maximum in which no other one tells a width.
        public var widthSeparation = 2
        /// Steps of the grid; the least width of a line.
        public var leastWidth = 2.0
        /// Steps of the grid; the width where no maximum tells one.
        public var assumedWidth = 5.0
        /// Standard deviations on either side to which the smoothing kernel reaches (Mariscotti 1967).
        public var kernelReach = 4.0
        /// Share of the width by which a line's position may be off for asymmetry and overlap. Unexplained, from the first search.
        public var positionShare = 0.05
        /// Share of a step of the grid by which a position may be off beyond counting.
        public var positionStep = 0.2
        /// Share of the width that the second spectral line must stand off before a maximum is taken for it.
        public var secondLineSplit = 0.4
        /// Share of the width within which a maximum is where the second line is expected.
        public var secondLineDistance = 0.35
        /// Height of a second line beside the first, as a share of the ratio of their weights.
        public var secondLineHeight = 0.5...1.6
        /// Share of the width below which the doublet is not resolved and a maximum stands at its mean.
        public var resolvedSplit = 0.6
        /// Share of the highest line from which on lines tell whether Kα₂ is there where one wavelength was given…
        public var doubletHeight = 0.03
        /// …in widths, how far from Kα₁ it must stand to be seen…
        public var doubletSplit = 0.8
        /// …how many times as high as a line its neighbourhood may be…
        public var doubletHighest = 0.9
        /// …what more of a line's height may stand there than on the other side: a half of it, less what overlap fills in, more where noise adds…
        public var doubletShares = 0.25...0.75
        /// …how many lines must be asked…
        public var doubletLines = 5
        /// …and the share of them that must have it.
        public var doubletAgreement = 0.6
        /// Height of a Kβ line beside Kα: what a filter or an analyser lets through…
        public var betaShares = 0.005...0.08
        /// …share of the width within which it stands at its place…
        public var betaDistance = 0.5
        /// …lines that must have one before any is taken for it, all with the same share…
        public var betaLines = 2
        /// …up to this factor on either side of the median.
        public var betaSpread = 2.0
        /// Intensity; a pattern that nowhere exceeds it is not of counts and carries no variance of its own.
        public var leastCounts = 50.0
        /// Points of the equidistant grid for each of the pattern at most, so that a gap makes no millions of them.
        public var mostGridPoints = 20
        /// Share of the highest line below which an unexplained line is left to the noise.
        public var unexplainedHeight = 0.005
        /// Typical widths from every reflection at which a line is unexplained: widths grow with the angle.
        public var unexplainedDistance = 4.0

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
