extension IndexingSettings {
    /// When the first lattice of a list is an answer (`wyckoff index`'s exit status).
    public struct Verdict: Sendable, Hashable, Codable {
        /// Probability from which on it is.
        public var decisive = 0.9
        /// M from which on, with two lines unexplained at most, de Wolff (J. Appl. Cryst. 1 (1968) 108) takes a lattice for right…
        public var leastMerit = 10.0
        /// …and those lines.
        public var mostUnexplained = 2
        /// Standard uncertainties of the zero that are believed; a larger one makes room for a wrong lattice.
        public var believedZero = 2.0
        /// ln of the odds of a volume, with the composition against without, below which they do not go together: a wavelength in
        /// another unit, another compound. Twelve formula units for a lattice point, rare as they are, have −3.1.
        public var leastVolumeOdds = -4.0
        /// Strong lines that must tell a lattice from one of a half, a third… of its volume: one may be an impurity's strongest.
        public var superlatticeLines = 2
        /// Explained lines beyond two for each parameter.
        public var spareLines = 3

        /// The standard limits.
        public init() {}
    }
}
