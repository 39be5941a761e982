/// Ranges in which widths and displacements mean something; outside of them χ² has minima that are no crystal's.
package struct RefinementBounds: Codable, Sendable, Hashable {
    /// Degrees²; the Gaussian W, above nought so that no line loses its width.
    package var gaussian = 1e-6...100
    /// Degrees; X, the Lorentzian width that grows as 1/cosθ.
    package var size = 0.0...10
    /// Degrees; Y, the Lorentzian width that grows as tanθ.
    package var strain = 0.0...10
    /// Å²; every B. An atom that moves more is not where it stands.
    package var displacement = 0.0...15

    /// With the values that Docs/RecoverySettings.md lists.
    package init() {}

    /// As a refinement takes them, by parameter; `*.B` names every B.
    package var ranges: [String: ClosedRange<Double>] {
        ["W": gaussian, "X": size, "Y": strain, "*.B": displacement]
    }

    /// With lines no narrower than this; degrees².
    package func with(leastGaussian: Double) -> RefinementBounds {
        var bounds = self
        bounds.gaussian = leastGaussian...max(leastGaussian, gaussian.upperBound)
        return bounds
    }
}
