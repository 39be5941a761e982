extension RecoverySettings {
    /// Which structures a start may be, by what is known beforehand.
    public struct Start: Codable, Sendable, Hashable {
        /// Å, between which the ladder of a start is climbed: a start is some tenths of an Å off, and beyond the upper end
        /// everything shows every symmetry.
        public var ladder = 0.005...2.5
        /// Rungs of the asked group that are tried beside what its composition can fill.
        public var rungs = 3
        /// Structures of the asked group at most: from a far start the ranking of fillings says little, and the intensities sift
        /// them.
        public var ways = 80
        /// Groups that are tried where none is known.
        public var groups = 6

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }

    /// How a start's atoms are put on given positions (`SkeletonAssignment`).
    public struct Skeleton: Codable, Sendable, Hashable {
        /// Drawn beginnings of each element's atoms at most. Unexplained, from the first search.
        public var beginnings = 200
        /// Beginnings that lead to the best placement again before the rest are left out.
        public var confirmations = 8
        /// Places drawn for an orbit on a special position, of which the nearest to an atom is taken.
        public var draws = 12
        /// Turns of assignment and averaging at most; a few settle it.
        public var turns = 30

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }

    /// Which ways to fill a group's positions are tried, in the order of what the start's atoms look like (`WyckoffAssignment`).
    public struct Occupation: Codable, Sendable, Hashable {
        /// Multisets of positions that are tried for each element at most: bounds the work for large cells.
        public var multisets = 1500
        /// Multisets of each element that enter the combinations, where the group is given.
        public var kept = 14
        /// Combinations that are kept while elements are added, where the group is given.
        public var combined = 400
        /// Multisets of each element that enter the combinations, where the group is not known: its intensities have not
        /// spoken yet.
        public var keptOfFamily = 40
        /// Combinations that are kept while elements are added, where the group is not known.
        public var combinedOfFamily = 4000
        /// Drawn beginnings for each multiset; fewer than for given positions, since there are many.
        public var beginnings = 25
        /// Groups of one centring whose positions are filled, where the group is not known. Of 45 groups, absences leave 19 for
        /// fluorapatite; those that explain most absences stand first.
        public var groupsKept = 12
        /// Ways that are handed on, shared out among the groups.
        public var ways = 160
        /// Ways of each group at least.
        public var waysOfGroup = 12
        /// More ways than this get a few starts each, and the best so many get all. From far starts the ranking says little.
        public var searched = 8
        /// Those few starts, of each way.
        public var screeningStarts = 25

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
