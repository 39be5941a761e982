/// Where the derivative of a function of one variable is zero.
package struct StationaryPoint: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case minimum
        case maximum
        /// The derivative touches zero and keeps its sign: a shelf.
        case shelf
    }

    package var position: Double
    package var value: Double
    /// The second derivative.
    package var curvature: Double
    package var kind: Kind
    /// False where other stationary points may lie closer than the scan tells apart: see `CertifiedScan.clusters`.
    package var isIsolated: Bool

    package init(position: Double, value: Double, curvature: Double, kind: Kind, isIsolated: Bool = true) {
        self.position = position
        self.value = value
        self.curvature = curvature
        self.kind = kind
        self.isIsolated = isIsolated
    }
}

/// What a scan guarantees about the stationary points that it lists.
package enum ScanCertificate: Sendable, Hashable {
    /// The derivative has the zeros of a trigonometric polynomial of known degree: none is missing, none invented.
    case exact(degree: Int)
    /// Every stationary point lies in a listed place, provided that the bound on the second derivative, in units of
    /// the function over the variable squared, holds.
    case bounded(secondDerivative: Double)
    /// Sampled in steps of at most this, and finer wherever a cubic through neighbours failed to foretell the
    /// middle.
    case heuristic(step: Double)

    package var name: String {
        switch self {
        case .exact: "exact"
        case .bounded: "bounded"
        case .heuristic: "heuristic"
        }
    }
}

/// A point of a sampled curve.
package struct ScanSample: Sendable, Hashable {
    package var position: Double
    package var value: Double
    package var slope: Double

    package init(position: Double, value: Double, slope: Double) {
        self.position = position
        self.value = value
        self.slope = slope
    }
}
