/// A measured or calculated powder pattern.
public struct PowderPattern: Sendable, Hashable {
    public var title: String
    /// Degrees, ascending, not necessarily equidistant.
    public var twoTheta: [Double]
    public var intensity: [Double]
    /// Standard uncertainties where the file gives them, same count as `intensity`.
    public var sigma: [Double]?
    /// Where the file names its radiation.
    public var radiation: Radiation?

    public init(
        title: String = "", twoTheta: [Double], intensity: [Double], sigma: [Double]? = nil,
        radiation: Radiation? = nil
    ) {
        self.title = title
        self.twoTheta = twoTheta
        self.intensity = intensity
        self.sigma = sigma
        self.radiation = radiation
    }

    /// The part with `range.lowerBound ≤ 2θ ≤ range.upperBound`.
    public func restricted(to range: ClosedRange<Double>) -> PowderPattern {
        let kept = twoTheta.indices.filter { range.contains(twoTheta[$0]) }
        return PowderPattern(
            title: title, twoTheta: kept.map { twoTheta[$0] }, intensity: kept.map { intensity[$0] },
            sigma: sigma.map { s in kept.map { s[$0] } }, radiation: radiation)
    }
}
