/// Ranges in which widths and displacements mean something; outside of them χ² has minima that are no crystal's.
public struct RefinementBounds: Codable, Sendable, Hashable {
    /// Degrees²; the Gaussian W, above nought so that no line loses its width.
    public var gaussian = 1e-6...100
    /// Degrees; X, the Lorentzian width that grows as 1/cosθ.
    public var size = 0.0...10
    /// Degrees; Y, the Lorentzian width that grows as tanθ.
    public var strain = 0.0...10
    /// Å²; every B. An atom that moves more is not where it stands.
    public var displacement = 0.0...15

    /// With the values that Docs/RecoverySettings.md lists.
    public init() {}

    /// As a refinement takes them, by parameter; `*.B` names every B.
    public var ranges: [String: ClosedRange<Double>] {
        ["W": gaussian, "X": size, "Y": strain, "*.B": displacement]
    }

    /// With lines no narrower than this; degrees².
    public func with(leastGaussian: Double) -> RefinementBounds {
        var bounds = self
        bounds.gaussian = leastGaussian...max(leastGaussian, gaussian.upperBound)
        return bounds
    }
}
