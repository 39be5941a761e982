import Refinement

extension RecoverySettings {
    /// Which minima are refined, and which of them is taken (`PowderRecovery`).
    public struct Selection: Codable, Sendable, Hashable {
        /// Minima that are refined against the whole pattern.
        public var minima = 3
        /// The best minimum of so many ways to occupy positions is refined too: intensities alone tell groups hardly apart.
        public var rivals = 8
        /// By what factor a minimum's score may exceed the best to be refined…
        public var factor = 1.25
        /// …and by how much (Rwp, a fraction).
        public var slack = 0.005
        /// Rwp of the net pattern (a fraction) from which on no minimum is worth more than one refinement, where it is…
        public var hopelessRwp = 0.5
        /// …so many times what free intensities leave, too.
        public var hopelessFactor = 1.8
        /// The factor where there are more patterns: what hardly scatters in the first may decide in another.
        public var jointFactor = 1.5
        /// So many times as many minima are refined where there are more patterns.
        public var jointMinima = 3
        /// Relative difference of Rwp within which two minima of one group are one.
        public var sameMinimum = 1e-5
        /// Share of R that each free parameter must gain to be preferred. One per cent: a subgroup always fits as well, and what no
        /// model holds better.
        public var parameterPenalty = 0.01
        /// By what factor Rwp may rise for the sake of a description like the reference's: a matter of taste must cost nothing.
        public var descriptionCost = 1.001
        /// Å; a published structure's rounded coordinates are this near to its symmetry.
        public var referenceTolerance = 0.05

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}

        /// What more freedom must gain to be preferred.
        func score(_ r: Double, parameters: Int) -> Double {
            Self.score(r, parameters: parameters, penalty: parameterPenalty)
        }

        static func score(_ r: Double, parameters: Int, penalty: Double) -> Double {
            r * (1 + penalty * Double(parameters))
        }
    }

    /// In which stages and how far a model is refined (`RefinementStrategy`).
    public struct Refinement: Codable, Sendable, Hashable {
        /// Chebyshev terms of the background, at most twelve.
        public var backgroundTerms = 10
        /// Steps of every stage but the last.
        public var stageIterations = 15
        /// Share of χ² that a step of these must gain.
        public var stageConvergence = 1e-4
        /// Steps of the last stage.
        public var iterations = 80
        /// Share of χ² that a step of it must gain.
        public var convergence = 1e-8
        /// Å²; the overall B of the intensities is brought into this range to begin with.
        public var displacementRange = 0.3...3
        /// Ranges of widths and displacements.
        package var bounds = RefinementBounds()
        /// Share of the width with free intensities below which no line narrows.
        public var leastWidth = 0.02
        /// Gaussian share of a line at least, where the widths of a mixed line are told apart.
        public var leastGaussian = 0.05

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }

    /// How a structure is refined against several patterns (`JointStrategy`).
    public struct Joint: Codable, Sendable, Hashable {
        /// Å²; B to begin with in a further pattern.
        public var displacement = 0.5
        /// Relative difference of the wavelength from which on a warning is due.
        public var stretchWarning = 0.002
        /// Relative difference up to which a wavelength that may move starts from where the lines are.
        public var stretchLimit = 0.01
        /// Steps of the last stage.
        public var iterations = 100

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
