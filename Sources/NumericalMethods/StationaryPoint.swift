/// Where the derivative of a function of one variable is zero.
public struct StationaryPoint: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case minimum
        case maximum
        /// The derivative touches zero and keeps its sign: a shelf.
        case shelf
    }

    public var position: Double
    public var value: Double
    /// The second derivative.
    public var curvature: Double
    public var kind: Kind
    /// False where other stationary points may lie closer than the scan tells apart: see `CertifiedScan.clusters`.
    public var isIsolated: Bool

    public init(position: Double, value: Double, curvature: Double, kind: Kind, isIsolated: Bool = true) {
        self.position = position
        self.value = value
        self.curvature = curvature
        self.kind = kind
        self.isIsolated = isIsolated
    }
}

/// What a scan guarantees about the stationary points that it lists.
public enum ScanCertificate: Sendable, Hashable {
    /// The derivative has the zeros of a trigonometric polynomial of known degree: none is missing, none invented.
    case exact(degree: Int)
    /// Every stationary point lies in a listed place, provided that the bound on the second derivative, in units of
    /// the function over the variable squared, holds.
    case bounded(secondDerivative: Double)
    /// Sampled in steps of at most this, and finer wherever a cubic through neighbours failed to foretell the
    /// middle.
    case heuristic(step: Double)

    public var name: String {
        switch self {
        case .exact: "exact"
        case .bounded: "bounded"
        case .heuristic: "heuristic"
        }
    }
}

/// A point of a sampled curve.
public struct ScanSample: Sendable, Hashable {
    public var position: Double
    public var value: Double
    public var slope: Double

    public init(position: Double, value: Double, slope: Double) {
        self.position = position
        self.value = value
        self.slope = slope
    }
}
