import NumericalMethods

/// What a property model says of a crystal.
public struct PropertyEvaluation: Sendable {
    /// In the predictor's unit.
    public var value: Double
    /// Nil where it was not asked for.
    public var gradient: PropertyGradient?

    /// A value, with its gradient where it was asked for.
    public init(value: Double, gradient: PropertyGradient? = nil) {
        self.value = value
        self.gradient = gradient
    }
}

/// The exact derivatives of a predicted property at frozen neighbours.
public struct PropertyGradient: Sendable {
    /// ∂/∂(share of an element on an orbit), in the order of `MixedCrystal.mixtures`.
    public var mixtures: [Double]
    /// ∂/∂(fractional position), one for each atom of the cell; contract it with moves that keep the orbits.
    public var positions: [SIMD3<Double>]
    /// M with dy = Σ M_ij dG_ij for a change dG (Å²) of the metric at fixed fractional coordinates; symmetric.
    public var metric: Matrix3

    /// Derivatives by mixtures, positions (per Å) and metric tensor (per Å²).
    public init(mixtures: [Double], positions: [SIMD3<Double>], metric: Matrix3) {
        self.mixtures = mixtures
        self.positions = positions
        self.metric = metric
    }
}
