extension PawleyFit {
    /// How the fit steps (Levenberg–Marquardt, each step cut to what keeps lines where their columns were made), and when it
    /// ends.
    package struct Settings: Codable, Sendable, Hashable {
        /// Steps after which it stops.
        package var iterations = 25
        /// Share of χ² by which it must fall for another step.
        package var convergence = 1e-6
        /// Share of the diagonal that the first step adds to it.
        package var damping = 1e-3
        /// By which damping is divided after a step that lowers χ²…
        package var dampingFall = 10.0
        /// …but not below this…
        package var leastDamping = 1e-8
        /// …and multiplied after one that does not.
        package var dampingRise = 8.0
        /// Dampings that are tried for one step.
        package var trials = 6
        /// Share of a lattice parameter that a step may change it by.
        package var latticeStep = 0.01
        /// Degrees 2θ that a step may change the zero shift by.
        package var zeroStep = 0.05
        /// Factors of W between which a step stays.
        package var widthStep = 0.3...3.0
        /// Share of W that −4 U may be: at 2θ = 127°, where tan²θ is 4, a tenth of W is left.
        package var negativeU = 0.9

        /// With the values that Docs/RecoverySettings.md lists.
        package init() {}
    }
}
