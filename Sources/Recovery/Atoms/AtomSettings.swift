extension RecoverySettings {
    /// How free coordinates are found from intensities (`AtomSearch`, `OrbitMoves`, `ContactCheck`, `IntensityFit`).
    public struct Atoms: Codable, Sendable, Hashable {
        /// Full searches from random or hopped starts. Ten minima of PbSO4 and fluorapatite are confirmed long before.
        public var starts = 200
        /// Free coordinates from which on starts come from basin hopping: with fewer, random starts meet the minimum as often.
        public var hoppingFrom = 12
        /// Starts after the first that are moves around it.
        public var nearStarts = 12
        /// Å; standard deviation of these moves. A coordinate of a distorted start is about as far off.
        public var nearStart = 0.3
        /// Share of the sum of covalent radii; atoms that stand closer make a start that is drawn again. Below the shortest bonds
        /// of crystals.
        public var clash = 0.65
        /// Draws of a place without a clash, after which the last is taken.
        public var clashDraws = 40
        /// Separate starts that must reach the best minimum for the search to end early…
        public var confirmations = 6
        /// …not before so many starts.
        public var leastStarts = 20
        /// Rwp (a fraction) of the net pattern at which it ends at once: nothing is left to explain.
        public var goal = 1e-4
        /// Hops without gain after which a search begins anew.
        public var patience = 25
        /// Change of ln(Rwp²) that a worse minimum is accepted with by the odds 1 : e. Unexplained, from the first hopping.
        public var temperature = 0.25
        /// Minima that are kept.
        public var minimaKept = 10
        /// Relative difference of Rwp within which two minima are one: equivalent descriptions agree to many more digits.
        public var sameMinimum = 1e-3
        /// Rwp (a fraction) below which that difference is counted from here.
        public var sameMinimumFloor = 1e-4

        /// Share of hops that exchange two orbits of one kind of position, where there are such…
        public var exchanging = 0.3
        /// …of all hops the share that exchanges one pair; the rest of the exchanging ones do two: a cycle of three elements.
        public var exchangingOnce = 0.2
        /// Hops below this share, that do not exchange, place one orbit anew; between it and the next, two.
        public var placingOne = 0.7
        /// Hops beyond this share shake all orbits.
        public var placingTwo = 0.85
        /// Places that are held against the intensities for an orbit placed anew.
        public var places = 40
        /// Å; standard deviation of the shake.
        public var shake = 0.5

        /// Steps of one descent at most.
        public var iterations = 40
        /// Longest step of a fractional coordinate: no descent leaves its basin.
        public var coordinateStep = 0.05
        /// Å²; longest step of the overall B.
        public var displacementStep = 1.0
        /// Å²; overall B of a start.
        public var displacement = 1.0
        /// Å²; range of the overall B, which takes up what the profile and absorption do.
        public var displacementRange = -1.0...8
        /// Share of Rwp² that a step must gain for the descent to go on.
        public var convergence = 1e-5
        /// Marquardt's damping at first, as a share of the diagonal.
        public var damping = 1e-2
        /// Dampings that are tried in a step.
        public var dampingTrials = 6
        /// What damping is divided by after a step that gains…
        public var dampingFall = 8.0
        /// …and multiplied by after one that does not.
        public var dampingRise = 5.0
        /// Share of the largest diagonal element that is damped in a parameter without effect.
        public var dampingFloor = 1e-4

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
