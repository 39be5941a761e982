/// Q as a linear form in the free parameters of a family's reciprocal metric: what makes indexing linear algebra.
package enum MetricForm: Sendable, Hashable {
    /// One parameter a*².
    case cubic
    /// a*² and c*²; Q = a*²(h² + hk + k²) + c*² l².
    case hexagonal
    /// a*² and c*².
    case tetragonal
    /// a*², b*², c*².
    case orthorhombic
    /// a*², b*², c*², 2a*·c*; b unique.
    case monoclinic
    /// All six of `ReciprocalMetric`.
    case triclinic

    package init(_ lattice: BravaisLattice) {
        switch lattice.family {
        case .cubic: self = .cubic
        case .hexagonal: self = .hexagonal
        case .tetragonal: self = .tetragonal
        case .orthorhombic: self = .orthorhombic
        case .monoclinic: self = .monoclinic
        case .triclinic: self = .triclinic
        }
    }

    package var count: Int {
        switch self {
        case .cubic: 1
        case .hexagonal, .tetragonal: 2
        case .orthorhombic: 3
        case .monoclinic: 4
        case .triclinic: 6
        }
    }

    /// The coefficients of the parameters for (hkl).
    package func row(_ h: Int, _ k: Int, _ l: Int) -> [Double] {
        switch self {
        case .cubic: [Double(h * h + k * k + l * l)]
        case .hexagonal: [Double(h * h + h * k + k * k), Double(l * l)]
        case .tetragonal: [Double(h * h + k * k), Double(l * l)]
        case .orthorhombic: [Double(h * h), Double(k * k), Double(l * l)]
        case .monoclinic: [Double(h * h), Double(k * k), Double(l * l), Double(h * l)]
        case .triclinic:
            [Double(h * h), Double(k * k), Double(l * l), Double(k * l), Double(h * l), Double(h * k)]
        }
    }

    /// The metric of a vector of parameters.
    package func metric(_ p: [Double]) -> ReciprocalMetric {
        switch self {
        case .cubic: ReciprocalMetric(a: p[0], b: p[0], c: p[0])
        case .hexagonal: ReciprocalMetric(a: p[0], b: p[0], c: p[1], ab: p[0])
        case .tetragonal: ReciprocalMetric(a: p[0], b: p[0], c: p[1])
        case .orthorhombic: ReciprocalMetric(a: p[0], b: p[1], c: p[2])
        case .monoclinic: ReciprocalMetric(a: p[0], b: p[1], c: p[2], ac: p[3])
        case .triclinic: ReciprocalMetric(a: p[0], b: p[1], c: p[2], bc: p[3], ac: p[4], ab: p[5])
        }
    }
}
