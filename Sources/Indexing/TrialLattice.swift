import Crystallography

/// A lattice that may explain the lines, by the free parameters of its reciprocal metric.
package struct TrialLattice: Sendable, Hashable {
    package let lattice: BravaisLattice
    package let parameters: [Double]
    package let metric: ReciprocalMetric
    /// Å³ for each lattice point.
    package let primitiveVolume: Double

    /// Nil where the parameters are no metric of a lattice.
    package init?(_ lattice: BravaisLattice, _ parameters: [Double]) {
        let metric = MetricForm(lattice).metric(parameters)
        guard metric.isPositiveDefinite else { return nil }
        (self.lattice, self.parameters, self.metric) = (lattice, parameters, metric)
        primitiveVolume = metric.volume / Double(lattice.pointsPerCell)
    }

    /// Whether two are one within what lines of usual sharpness tell.
    package func isSame(as other: TrialLattice) -> Bool {
        lattice == other.lattice
            && zip(parameters, other.parameters).allSatisfy { a, b in
                abs(a - b) < 2e-4 * max(abs(a), parameters[0])
            }
    }
}

/// A trial that explains the lines, and how well.
package struct ScoredLattice: Sendable {
    package var trial: TrialLattice
    /// Degrees 2θ, added to calculated angles.
    package var zero: Double
    /// Log-likelihood ratio against chance: log of how much likelier these lines are with the lattice than without any.
    package var score: Double
    /// Lines that belong to a reflection, of those looked at.
    package var explained: Int
    /// Different lines that are predicted in the same range.
    package var predicted: Int
}
