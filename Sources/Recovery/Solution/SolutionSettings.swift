extension RecoverySettings {
    /// How a structure is found from a composition and a cell, without a start (`StructureSolution`).
    public struct Solution: Codable, Sendable, Hashable {
        /// Multisets of positions that are tried for each element at most: bounds the work for large cells.
        public var multisets = 1500
        /// Combinations that are kept while elements are added.
        public var combinations = 4000
        /// What an orbit on a position with 0, 1, 2 or 3 free coordinates counts for in the order of the ways, the least sum first. Chosen on
        /// 800 structures of OQMD: the way is among the first 150 of its group in 99 % of the triclinic, 86 % of the monoclinic and 85 % of
        /// the orthorhombic ones; 11, 21 and 59 % where every free coordinate counts as much as an orbit.
        public var placeCosts = [6, 5, 3, 4]
        /// Ways of one group that are held against the intensities, simple ones first…
        public var waysOfGroup = 150
        /// …while the cubes of their free coordinates, which the work goes with, add up to no more than this…
        public var searchEffort = 400_000.0
        /// …but so many at least.
        public var leastWays = 8
        /// Reflections that atoms are searched with, those at low angles, at least…
        public var reflections = 100
        /// …and for each free coordinate. Chosen by hand on seven structures of 16 to 28 coordinates (MP-20, dev half; no command repeats it), as the
        /// four settings below: four to six met the right minimum soonest, and none that is not one of all reflections.
        public var reflectionsOfCoordinate = 5
        /// Steps of a descent of these searches at most…
        public var descentSteps = 15
        /// …and the share of Rwp² that a step must gain: descents that end early are cheaper by more than they miss. What is found is
        /// descended to its end.
        public var descentConvergence = 1e-3
        /// Longest step of a fractional coordinate.
        public var descentStep = 0.1
        /// Places that are held against the intensities for an orbit placed anew: the best of many is too greedy, of few too blind.
        public var places = 10
        /// Starts of a last search for each free coordinate, where these are more than `atoms.starts`: the right minimum of 16 to 28 coordinates is
        /// met once in several hundred.
        public var startsOfCoordinate = 40
        /// Times what no intensities explain, at which a search ends: nothing is left that other places of atoms could explain.
        public var explained = 1.1
        /// Starts of the atoms of each way in the rounds of the tournament, for every four free coordinates…
        public var rounds = [4, 16]
        /// …and how many ways are left after each. The last round's go on to full searches.
        public var left = [40, 6]
        /// Starts of a way that has free coordinates at least: two find the two coordinates of K2PtC2 in one of three runs.
        public var leastStarts = 8
        /// Free coordinates of the ways that are tried in all cells before any cell is looked into further: a few starts find two…
        public var simpleCoordinates = 2
        /// …and of those ways so many, the fewest coordinates first.
        public var simpleWays = 300
        /// Times by which such ways count for more than all ways of a cell: they take a second, those ten.
        public var simpleWeight = 50.0
        /// Power of the probabilities of lattices, formula units and symbols that time is given by: on measured patterns the right lattice
        /// has been found with a thousandth.
        public var odds = 0.5
        /// Times that all ways of a batch of groups are gone through, each with twice the starts of the one before, as long as nothing
        /// explains the pattern…
        public var passes = 4
        /// …and what a further pass of a batch counts for beside the last one: it takes twice as long, and finds a tenth of what that missed.
        public var furtherPass = 0.05
        /// What groups of lower order of one symbol, and the next of several fillings, count for beside those before them.
        public var nextBatch = 0.5
        /// Likelihood of formula units beside those of the cell's likeliest, from which on they are tried in it.
        public var usualUnits = 0.1
        /// Share of the likeliest cell's weight from which on what simple ways give in a cell is judged at once; of others the best are
        /// judged before further searches.
        public var judgedAtOnce = 0.5
        /// So many of them: a judgement takes about as long as a search.
        public var judgedOfRound = 3
        /// Ways of structure types that play the tournament.
        public var typeWays = 60
        /// Standard deviation of the logarithms of a type's lengths beside the cell's, and of its angles in radians: isotypic cells with
        /// free axes differ by some per cent.
        public var typeShape = 0.06
        /// Half the square deviation beyond which a shape is no longer the type's.
        public var typeMismatch = 12.0
        /// Share of the intensity that a structure may certainly leave to free intensities and still be judged: exchanges of elements may
        /// better it; the proof asks for 0.2.
        public var judgedMisfit = 0.35
        /// Symbols are tried until they have this share of the probability.
        public var symbolShare = 0.99
        /// Symbols at most.
        public var symbols = 8
        /// Shares of the time limit after which the lattice is no longer searched, atoms are not, and the structure is no longer judged
        /// (its symmetry, exchanges of its elements); the rest is the proof's. A judgement takes about as long as a search.
        public var timeShares = [0.5, 0.7, 0.9]
        /// Of the lattice's time, after which monoclinic and triclinic ones are no longer tried: zeros far from 0 are asked after them.
        public var obliqueShare = 0.5
        /// Of `recover`'s limit for each start, after which atoms are no longer searched.
        public var searchShare = 0.7
        /// Cells at most that are tried, the likeliest first, each for its share of the time: a superstructure whose lines are weak stands
        /// far down the list, and what stands above it holds no whole number of formula units.
        public var cells = 20
        /// Probability of a lattice from which on it is also taken for a special case of lattices of lower symmetry (`LowerMetrics`): an angle of
        /// 90.1° is more than lines tell…
        public var loweredProbability = 0.05
        /// …in so many steps, each where the profile speaks for the one before: from tI by oF to mC…
        public var loweredLevels = 2
        /// …what such a lattice counts for at least beside the lattice itself: its axes may be alike by accident…
        public var loweredWeight = 0.1
        /// …and at most, where the profile speaks for it.
        public var loweredGain = 10.0
        /// Probability that any lattice of the list has at least: a profile's misfit says less than it seems to.
        public var leastProbability = 1e-10
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
        /// Standard uncertainties within which a line that is left over is another lattice's.
        public var latticeReach = 5.0
        /// Degrees 2θ on either side in which a lattice's reflections are counted, to know how often a line meets one by chance.
        public var latticeNeighbourhood = 3.0
        /// Chance below which no accident is believed: the usual hundredth.
        public var latticeAccident = 0.01
        /// Maximal subgroups that are gone down to one after another because they fit decisively better: from the highest group of a cell to
        /// one of an eighth of its operations.
        public var lowerings = 3
        /// Exchanges of two elements that are taken one after another because they fit better.
        public var exchangeRounds = 4
        /// Share of Rwp by which an exchange may fit worse that bond valences speak for, where they speak against what was found: which of
        /// Al and Si stands where is less in a pattern than texture is.
        public var bondedShare = 0.05
        /// Orders of a mixture that are refined at most.
        public var orders = 24
        /// Share of Rwp by which a structure must fit better than one with fewer parameters that explains the pattern too; a
        /// natural halite (RRUFF R070534) fits 1.6 % better in I 4 m m.
        public var simplerShare = 0.05
        /// Share of Rwp by which a structure whose atoms stand too near to one another must fit better for scattering to be missing in the one
        /// that is judged: of 40 right ones that were proclaimed none has such a rival within 3 %.
        public var crowdedShare = 0.12
        /// Å²; from which on, and four times what the others have, an element moves so far that fewer electrons would explain it as well: nothing
        /// but the formula says that it is there (europium given for silver, 3.0 beside 0.4). Of 43 right ones that were proclaimed none has it.
        public var doubtedDisplacement = 2.0
        /// Times the least Rwp of what was judged up to which a structure is the answer that fewer clauses speak against: what leaves half as
        /// much again explains another thing less well, whatever its bonds are.
        public var chosenFactor = 1.5
        /// Atoms of a formula unit by which a sum of its numbers may miss a whole one: of three thirds 0.01 is lost.
        public var sharedTolerance = 0.02
        /// Difference in electronegativity (O'Keeffe & Brese's) of elements that share a position: sodium and bismuth differ by 0.7, a metal and
        /// oxygen by 1.5 and more.
        public var sharedContrast = 1.25
        /// Atoms of a formula unit below which no position is looked for: less than an excess that X-rays show.
        public var leastShare = 0.1
        /// Å³ of an atom where no volume is known of an element…
        public var usualAtom = 18.0
        /// …and its logarithmic standard deviation: from a small cation's with its share of oxygen to argon's.
        public var usualAtomSpread = 0.5

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}

        /// How atoms are searched for where nothing is known of them.
        func search(_ atoms: Atoms) -> Atoms {
            var search = atoms
            // Every start is a beginning of its own: what is near one that was found confirms nothing.
            search.nearStarts = 0
            (search.iterations, search.convergence) = (descentSteps, descentConvergence)
            (search.coordinateStep, search.places) = (descentStep, places)
            return search
        }
    }
}
