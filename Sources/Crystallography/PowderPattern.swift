/// A measured or calculated powder pattern.
public struct PowderPattern: Sendable, Hashable {
    /// Where `sigma` comes from.
    public enum UncertaintySource: Sendable, Hashable, CaseIterable {
        /// A column or item of standard uncertainties.
        case deviations
        /// A column of weights, 1/σ².
        case weights
        /// A column called weights whose values rise with the intensities: only σ does.
        case weightsThatAreDeviations
        /// A column called weights whose values rise as the intensities do: only σ² does.
        case weightsThatAreVariances
        /// A column called uncertainties whose values fall as the intensities rise: only 1/σ² does.
        case deviationsThatAreWeights
        /// Derived from what the file says of the counting: times, absorbers, counts beside processed intensities.
        case counting
    }

    /// What the file calls it; may be empty.
    public var title: String
    /// Degrees, ascending, not necessarily equidistant.
    public var twoTheta: [Double]
    /// Counts or relative units, one for each angle.
    public var intensity: [Double]
    /// Standard uncertainties where the file gives them, same count as `intensity`; 0 for a point of no weight.
    public var sigma: [Double]?
    /// Where the uncertainties come from: stated by the file, or assumed.
    public var uncertaintySource: UncertaintySource
    /// Where the file names its radiation.
    public var radiation: Radiation?
    /// What the file was measured with where it says so, with or without a wavelength.
    public var probe: Radiation.Probe?
    /// What the reader had to decide about the file, one sentence each, to be shown to the user.
    public var remarks: [String]

    /// Angles in degrees 2θ, increasing; intensities and uncertainties one for each.
    public init(
        title: String = "", twoTheta: [Double], intensity: [Double], sigma: [Double]? = nil,
        uncertaintySource: UncertaintySource = .deviations, radiation: Radiation? = nil,
        probe: Radiation.Probe? = nil,
        remarks: [String] = []
    ) {
        self.title = title
        self.twoTheta = twoTheta
        self.intensity = intensity
        self.sigma = sigma
        self.uncertaintySource = uncertaintySource
        self.radiation = radiation
        self.probe = probe
        self.remarks = remarks
    }

    /// The part with `range.lowerBound ≤ 2θ ≤ range.upperBound`.
    public func restricted(to range: ClosedRange<Double>) -> PowderPattern {
        let kept = twoTheta.indices.filter { range.contains(twoTheta[$0]) }
        var part = self
        part.twoTheta = kept.map { twoTheta[$0] }
        part.intensity = kept.map { intensity[$0] }
        part.sigma = sigma.map { s in kept.map { s[$0] } }
        return part
    }
}
