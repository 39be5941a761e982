extension RecoverySettings {
    /// How phases that are known beforehand are fitted before the one that is looked for is known (`KnownPhaseFit`).
    public struct Known: Codable, Sendable, Hashable {
        /// Share of a known phase's strongest line below which a line of it says nothing of its scale.
        public var leastLine = 0.02
        /// Standard deviation of the logarithm of its lengths beforehand: temperature, composition, calibration.
        public var strain = 0.002
        /// Degrees 2θ; standard deviation of the zero shift beforehand.
        public var zero = 0.04
        /// Standard deviations to which either is searched.
        public var reach = 3
        /// Of its lines, weighed by their intensities, the share that stands lowest beside what is calculated: the other phase's lines can
        /// only add to them.
        public var quantile = 0.3
        /// Scales of lines, beside the one at that share, that are its own: texture and overlap make some tenths.
        public var own = 0.5...1.3
        /// Share by which its contribution may be wrong at each point, which the weights count beside the noise.
        public var error = 0.05
        /// Share of its calculated height below which what is left at a line of it is none.
        public var residue = 0.3
        /// Share by which its lengths may leave those given, at most.
        public var cell = 0.01
        /// Å²; B of atoms of which the file says nothing.
        public var displacement = 0.5
        /// Steps of its refinement before the other phase is known.
        public var iterations = 20

        /// With the values given here.
        public init() {}
    }
}
