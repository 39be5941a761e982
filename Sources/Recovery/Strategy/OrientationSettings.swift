extension RecoverySettings {
    /// Which texture is looked for where it is asked for (`OrientationSearch`).
    public struct Orientation: Codable, Sendable, Hashable {
        /// Indices of the directions that are tried go so far: plates and needles lie on faces and cleavages of low indices. Others are
        /// given (calcite's 1 0 4).
        public var largestIndex = 2
        /// Steps with which a direction is tried, the structure standing still.
        public var trialIterations = 10
        /// Share of χ² that a step of them must gain.
        public var trialConvergence = 1e-4
        /// Steps of the refinement of everything with the best direction.
        public var iterations = 40
        /// Share of χ² that a step of it must gain.
        public var convergence = 1e-8

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
