/// Every number that decides which extinction symbol a pattern is said to have.
public struct ExtinctionSettings: Codable, Sendable, Hashable {
    /// How likely a symbol is before the pattern.
    public enum SymbolPrior: String, Codable, Sendable, Hashable, CaseIterable {
        /// Every symbol as likely as another.
        case uniform
    }

    /// How likely a symbol is before the pattern.
    public var symbolPrior = SymbolPrior.uniform
    /// Lines at most, from low angles on: beyond, they overlap so much that they tell nothing, and time goes with their number.
    public var mostLines = 250
    /// Lines seen, for each free parameter of the cell, with which its refinement begins.
    public var seenLines = 3
    /// Standard deviations from which on a line counts as seen.
    public var seenFrom = 8.0
    /// Share of a lattice parameter by which the refined cell may differ from the one given.
    public var cellTolerance = 0.01
    /// Means of an allowed line's intensity, as shares of the local mean…
    public var means = [8, 2.5, 0.8, 0.25, 0.03, 0.001]
    /// …and how often each is met; they add up to one. Fitted to structures without noise (Docs/ExtinctionSymbols.md).
    public var shares = [0.018, 0.334, 0.279, 0.187, 0.14, 0.042]
    /// Share of allowed lines that have no intensity at all.
    public var accidentalAbsence = 0.005
    /// Share of crystals whose atoms, in special positions, extinguish the lines of a symbol above their group's, any of
    /// those that are above it.
    public var specialPositions = 0.03
    /// Share of forbidden places where there is an intensity all the same: a foreign line, a profile that is not the fit's.
    public var foreignShare = 0.005
    /// Its mean, as shares of the local mean, each as likely.
    public var foreignMeans = [0.03, 0.3, 3]
    /// Lines on either side over which the local mean is taken.
    public var meanWindow = 12
    /// Degrees 2θ between knots of what is added to the background.
    public var knotSpacing = 4.0
    /// FWHM on either side over which residuals tell whether counting is all the uncertainty that there is.
    public var residualWindow = 1.5
    /// Share of the FWHM over which lines are taken for one.
    public var blockWidth = 0.25
    /// log L behind the best at which a symbol is given up.
    public var hopeless = 60.0
    /// Passes of expectation propagation at most.
    public var mostPasses = 40
    /// Change of a log-likelihood at which it ends.
    public var passTolerance = 0.01
    /// Share of a step that is taken: sites of overlapping lines would swing.
    public var damping = 0.7
    /// Symbols whose evidence is told.
    public var explained = 10

    /// With the values that Docs/ExtinctionSymbols.md explains.
    public init() {}
}
