extension RecoverySettings {
    /// Whether the highest symmetry is taken that the pattern allows (`SymmetryDecision`).
    public struct Groups: Codable, Sendable, Hashable {
        /// Å; atoms that stand nearer to a higher symmetry are tried in it. About a bond's length: a minimum in a subgroup may have
        /// atoms of one orbit of the group far apart, and the evidence judges what is tried (Dy3Al5O12, Docs/Recovery.md).
        public var reach = 1.0
        /// Å; the ladder of tolerances begins here.
        public var least = 1e-5
        /// By what factor operations for each volume must grow for a group to be higher.
        public var gain = 1.1
        /// Strength of the distortion assumed of the cell: it is known.
        public var spread = 0.003
        /// Starts of the atoms in a higher group, where some coordinates are known already.
        public var starts = 13
        /// Rwp (a fraction) below which a pattern has no noise: what is left says nothing of groups.
        public var exactRwp = 1e-4
        /// Maximal subgroups, one of each class, that are tried.
        public var subgroups = 6
        /// Share of lengths, and radians of angles, by which the cell of a subgroup that has more of them starts away from the group's…
        public var strain = 0.003
        /// …in so many directions.
        public var strains = 2
        /// Å; by how much a subgroup's freed coordinates are moved, so that they can leave the higher symmetry.
        public var shake = 0.05
        /// Steps of a rival's refinement.
        public var iterations = 20
        /// Share of χ² that a step of it must gain.
        public var convergence = 1e-4

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }

    /// Whether a pattern asks for as much of each element as the formula gives (`ElementAmounts`).
    public struct Amounts: Codable, Sendable, Hashable {
        /// Å²; of every atom at first.
        public var displacement = 0.5
        /// Share of Rwp by which other amounts must fit better, everything having one displacement. Wrong elements gain 17 to 39 % (three that
        /// had been proclaimed), twelve measured patterns of the right ones at most 9 %: textures and displacements of their own do that.
        public var gain = 0.12
        /// Steps of a refinement.
        public var iterations = 20
        /// Share of χ² that a step of it must gain.
        public var convergence = 1e-4

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }

    /// Which exchanges of elements are refined as rivals (`ExchangedElements`).
    public struct Rivals: Codable, Sendable, Hashable {
        /// Exchanges that are refined.
        public var exchanges = 6
        /// Electrons of the heavier of two elements for each of the lighter one's, from which on X-rays tell them apart: Pb and S
        /// need no trial, O and F do.
        public var distinctRatio = 1.5
        /// Steps of a rival's refinement.
        public var iterations = 20
        /// Share of χ² that a step of it must gain.
        public var convergence = 1e-4

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
