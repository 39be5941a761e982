import Foundation

extension IndexingSettings {
    /// ln of the density of a trial's parameters before any line is seen, Å² for each: a reciprocal axis is as likely of any
    /// magnitude in a range, a product of two has any cosine between ±½.
    func metricPrior(_ trial: TrialLattice) -> Double {
        let (metric, form) = (trial.metric, MetricForm(trial.lattice))
        // dp of p = a*² is 2 a*² d ln a*.
        func axis(_ p: Double) -> Double { -log(2 * p * axisRange) }
        func product(_ p: Double, _ q: Double) -> Double { -log(2 * (p * q).squareRoot()) }
        let axes =
            switch form {
            case .cubic: axis(metric.a)
            case .hexagonal, .tetragonal: axis(metric.a) + axis(metric.c)
            case .orthorhombic, .monoclinic, .triclinic: axis(metric.a) + axis(metric.b) + axis(metric.c)
            }
        let products =
            switch form {
            case .cubic, .hexagonal, .tetragonal, .orthorhombic: 0.0
            case .monoclinic: product(metric.a, metric.c)
            case .triclinic:
                product(metric.a, metric.b) + product(metric.a, metric.c) + product(metric.b, metric.c)
            }
        return axes + products + log(trial.lattice.namings)
    }
}

extension BravaisLattice {
    /// Ways to name the axes of one and the same lattice.
    fileprivate var namings: Double {
        switch self {
        case .cF, .cI, .cP, .hR, .hP, .tI, .tP: 1
        case .oF, .oI, .oP, .aP: 6
        case .oC, .mC, .mP: 2
        }
    }
}
