extension RecoverySettings {
    /// How a structure is found from a composition and a cell, without a start (`StructureSolution`).
    public struct Solution: Codable, Sendable, Hashable {
        /// Multisets of positions that are tried for each element at most: bounds the work for large cells.
        public var multisets = 1500
        /// Combinations that are kept while elements are added.
        public var combinations = 4000
        /// Ways of one group that are held against the intensities, simple ones first.
        public var waysOfGroup = 150
        /// Reflections of the rounds, those at low angles: seven for each of fifteen coordinates.
        public var reflections = 100
        /// Starts of the atoms of each way in the rounds of the tournament, for every four free coordinates…
        public var rounds = [4, 16]
        /// …and how many ways are left after each. The last round's go on to full searches.
        public var left = [40, 6]
        /// Symbols are tried until they have this share of the probability.
        public var symbolShare = 0.99
        /// Symbols at most.
        public var symbols = 8
        /// Shares of the time limit after which the lattice is no longer searched, atoms are not, and the structure is no longer judged
        /// (its symmetry, exchanges of its elements); the rest is the proof's. A judgement takes about as long as a search.
        public var timeShares = [0.5, 0.7, 0.9]
        /// Of `recover`'s limit for each start, after which atoms are no longer searched.
        public var searchShare = 0.7
        /// Cells at most that are tried, the likeliest first.
        public var cells = 4
        /// Numbers of formula units are tried whose probability by the volume is at least this share of the likeliest one's.
        public var unitsShare = 0.02
        /// Share of the larger atomic number by which two elements differ that scatter alike: Nd and Ho, Mn and Fe, Mg and Al.
        public var alikeShare = 0.15
        /// Å; atoms of a mixture that stand nearer to a higher symmetry are asked for it.
        public var orderReach = 0.3
        /// Share of Rwp by which a mixture must fit worse for an order of its elements to be shown: texture and other errors of
        /// real patterns make a few per cent.
        public var orderShare = 0.15
        /// Share of the sum of covalent radii below which a contact is doubted: of 477 structures of MP-20 without hydrogen none has less,
        /// while wrong ones put two oxygens at 0.64.
        public var doubtedContact = 0.7
        /// Times by which a lattice must be likelier for a superlattice of it to need lines of its own.
        public var likelierLattice = 10.0
        /// Exchanges of two elements that are taken one after another because they fit better.
        public var exchangeRounds = 4
        /// Share of Rwp by which a structure must fit better than one with fewer parameters that explains the pattern too; a
        /// natural halite (RRUFF R070534) fits 1.6 % better in I 4 m m.
        public var simplerShare = 0.05
        /// Å³ of an atom where no volume is known of an element…
        public var usualAtom = 18.0
        /// …and its logarithmic standard deviation: from a small cation's with its share of oxygen to argon's.
        public var usualAtomSpread = 0.5

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
