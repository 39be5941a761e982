import Parameterization

/// Every number that decides what a recovery from a noise-free pattern of a known simulator finds, by stage. What such a
/// pattern shares with a measured one has the measured one's fields with values of its own: nothing stands between the lines and
/// the cell, so positions are sharper, and a search ends at the truth, not at the best of few.
///
/// Values were chosen on the eight structures of Segal et al. (Docs/Study.md) and on the structures named.
package struct ExactSettings: Codable, Sendable, Hashable {
    /// Lines that stand out of the pattern.
    package var lines = RecoverySettings.Lines()
    /// The lattice, from the positions of the lines.
    package var cell = Self.cellOfKnownLines
    /// Groups, from the lines that are not there.
    package var absences = Self.absencesWithoutNoise
    /// Which positions a composition fills.
    package var occupation = RecoverySettings.Occupation()
    /// Free coordinates, from the intensities.
    package var atoms = RecoverySettings.Atoms()
    /// Which cells are kept.
    package var cells = Cells()
    /// How finely the pattern is seen.
    package var grid = Grid()
    /// How ways to fill positions are sifted.
    package var ways = Ways()
    /// How one way is held against many cells.
    package var places = Places()
    /// Everything together.
    package var refinement = Refinement()

    /// With the values that Docs/RecoverySettings.md lists.
    package init() {
        // Where all ways are screened, more of them are made.
        (occupation.keptOfFamily, occupation.combinedOfFamily) = (150, 40_000)
    }

    /// Of one structure in one cell: what the cell's remaining error leaves at the truth ends it.
    func search(_ structure: ReducedStructure, starts: Int, near: Int) -> RecoverySettings.Atoms {
        var search = atoms
        (search.starts, search.nearStarts) = (starts, near)
        let isFew = structure.freeCoordinates.count < search.hoppingFrom
        search.goal = isFew ? places.goal : places.hoppingGoal
        return search
    }

    /// In the refined cell only the truth is explained to the last: light atoms and like elements count, and hops between orbits are
    /// worth it for few coordinates too.
    var closerSearch: RecoverySettings.Atoms {
        var search = atoms
        (search.starts, search.nearStarts) = (places.closerStarts, places.movesNear)
        (search.goal, search.hoppingFrom) = (places.closerGoal, places.closerHoppingFrom)
        search.confirmations = places.closerConfirmations
        return search
    }

    /// A few short descents, from the structure's coordinates and from anywhere.
    func screening(starts: Int) -> RecoverySettings.Atoms {
        var search = atoms
        (search.starts, search.nearStarts) = (starts, 1)
        (search.iterations, search.goal) = (ways.screeningIterations, ways.screeningGoal)
        return search
    }

    private static var cellOfKnownLines: RecoverySettings.Cell {
        var cell = RecoverySettings.Cell()
        // The study's distortions, up to σ 0.2; wide priors need wide beams.
        (cell.spreads, cell.candidates) = ([0.1, 0.2], 16)
        cell.beamWidths = [500, 1000, 2000, 3000, 6000, 10000]
        cell.zeroUncertainty = 1e-4
        // The widths are known: nothing but the lattice moves.
        cell.pawley.iterations = 12
        return cell
    }

    private static var absencesWithoutNoise: RecoverySettings.Absences {
        var absences = RecoverySettings.Absences()
        (absences.factor, absences.centringFactor) = (1.5, 1)
        return absences
    }

    /// Which of the cells that free intensities explain are kept.
    package struct Cells: Codable, Sendable, Hashable {
        /// R (a fraction) to which the right cell explains the low angles at least; until one does, more are fitted…
        package var good = 0.005
        /// …so many times as many.
        package var patience = 4
        /// R (a fraction); how much worse than the best a cell may fit.
        package var slack = 0.03
        /// Relative difference of lattice parameters within which a fit would begin where another began.
        package var sameStart = 2e-3
        /// Relative difference of lattice parameters within which a candidate is one that was searched before.
        package var sameCell = 2e-4
        /// Free lattice parameters below which…
        package var fewParameters = 3
        /// …a fit of this R (a fraction) leaves no other choice.
        package var settled = 0.02
        /// R (a fraction) of the best fit below which strained cells are tried beside it.
        package var strainedBelow = 0.05
        /// Strains along the axis of a lattice of two lengths: where its metric is nearly a higher one's, lines that fall together
        /// hide on which side of it it lies (ScF3, R32, within 0.2° of cubic).
        package var strains = [-0.012, -0.006, 0.006, 0.012]
        /// Degrees beyond the last assigned line to which these fits reach.
        package var fitReach = 2.0
        /// Degrees beyond which a reflection has nothing in that range.
        package var reflectionReach = 2.5
        /// Widths in which a line's tails are followed in these fits.
        package var profileRadius = 60.0
        /// Bases of one lattice that are tried, the nearest to the start's first.
        package var bases = 24
        /// So many spreads away from the start's cell a basis may be.
        package var basisReach = 3.0
    }

    /// How finely the pattern is seen.
    package struct Grid: Codable, Sendable, Hashable {
        /// Degrees; lines are a third of a degree wide, so that this step loses nothing that intensities need.
        package var step = 0.04
        /// Degrees beyond the pattern's end from which a line still reaches into it…
        package var reflectionReach = 3.0
        /// …with enough to count among the lines that a group may lack.
        package var absenceReach = 1.0
        /// Reflections to which the low angles reach, in which all ways are screened.
        package var lowAngleReflections = 60
    }

    /// How many of the ways to fill positions are held against the intensities, and how long (`AssignmentSearch`).
    package struct Ways: Codable, Sendable, Hashable {
        /// A later pass: starts of each way, or of one with many coordinates, which hops; how many of the ways get them, the
        /// best so far first.
        package struct Pass: Codable, Sendable, Hashable {
            /// Starts of a way.
            package var starts: Int
            /// Starts of a way with many coordinates.
            package var hops: Int
            /// Ways that get them.
            package var ways: Int
        }

        /// The start's coordinates and moves around them, for each way at first.
        package var starts = 13
        /// Likeliest ways of each group in each cell that are tried before all are screened.
        package var likeliest = 40
        /// Ways of one group in one cell that are screened.
        package var screened = 8000
        /// Later passes, one after the other: more starts for fewer ways.
        package var passes = [
            Pass(starts: 13, hops: 60, ways: 300), Pass(starts: 40, hops: 250, ways: 60),
            Pass(starts: 200, hops: 1000, ways: 15),
        ]
        /// What the search may cost for each spread: the sum over descents of (1 + free coordinates)². A count and not a time, so
        /// that a result does not depend on the machine.
        package var effort = 4_000_000.0
        /// Of these starts, those around the start's coordinates, in the later passes.
        package var nearStarts = 3
        /// Descents of every way in the first screening.
        package var screeningStarts = 3
        /// Of the ways, one in so many is screened again.
        package var rescreened = 8
        /// Descents of these: two, and two for each free coordinate, at most so many.
        package var rescreeningStarts = 16
        /// Steps of a screening descent.
        package var screeningIterations = 10
        /// R (a fraction) at which a screening ends.
        package var screeningGoal = 0.01
        /// What a screening descent costs beside a full one for each observation.
        package var screeningCost = 0.3
        /// What a screening descent costs for itself.
        package var screeningOverhead = 5.0
        /// R (a fraction) of intensities alone below which a way is refined.
        package var refinedBelow = 0.05
        /// R (a fraction) of what no intensities explain, above which a cell is no answer while there are others to come.
        package var hopeless = 0.15
        /// Share of R that each free coordinate must gain for a way to be preferred.
        package var parameterPenalty = 0.01
        /// Relative difference of volume within which two cells of one group are descriptions of one lattice.
        package var sameVolume = 5e-3
    }

    /// How long one structure is held against the intensities in many cells (`PlacedSearch`).
    package struct Places: Codable, Sendable, Hashable {
        /// The start's coordinates and moves around them, in every cell.
        package var nearStarts = 13
        /// Of all starts, those around the start's coordinates.
        package var movesNear = 12
        /// R (a fraction) of these below which the structure is refined at once.
        package var refinedBelow = 0.05
        /// By what factor more than the best a cell may leave unexplained by any intensities…
        package var unexplainedFactor = 2.0
        /// …and by how much (R, a fraction).
        package var unexplainedSlack = 0.02
        /// Reflections by whose places descriptions of one lattice are known…
        package var comparedLines = 60
        /// …to this relative difference of Q.
        package var sameLines = 1e-3
        /// Rounds of starts, doubled each time, for structures that hop.
        package var rounds = 3
        /// R (a fraction) that only the right cell leaves: the atoms are settled there before any other cell gets more starts.
        package var settled = 0.02
        /// By what factor the best must have fallen for another closer look.
        package var lookAgain = 0.5
        /// Starts in the refined cell of a fit that is good and not perfect.
        package var closerStarts = 800
        /// R (a fraction) below which it is good.
        package var closerBelow = 0.15
        /// Closer looks at most…
        package var closerRounds = 6
        /// …and of these without gain.
        package var closerFailures = 2
        /// A gain is less than this share of the R before.
        package var closerGain = 0.98
        /// In a closer look, R (a fraction) at which it ends: there only the truth fits.
        package var closerGoal = 1e-6
        /// In a closer look, free coordinates from which on starts hop.
        package var closerHoppingFrom = 3
        /// In a closer look, separate starts that must reach the best minimum.
        package var closerConfirmations = 12
        /// R (a fraction) at which the atoms of few coordinates end: what the cell's remaining error leaves at the truth.
        package var goal = 2e-3
        /// The same of many coordinates: nothing else fits as well, but for exchanged elements, which the joint refinement tells
        /// apart.
        package var hoppingGoal = 0.012
    }

    /// Scale, lattice and coordinates together.
    package struct Refinement: Codable, Sendable, Hashable {
        /// R of unit weights (a fraction) at which the search ends. The truth leaves 10⁻⁸ and less; neighbours of the periodic
        /// table in each other's places (Cr, Mn, Ni; Ni, Ga) can leave as little as 10⁻⁵.
        package var goal = 1e-6
        /// Steps of the refinement at most.
        package var iterations = 30
        /// Share of χ² that a step must gain.
        package var convergence = 1e-6
        /// Minima that are refined at most.
        package var minima = 3
        /// R (a fraction) of intensities alone below which the first of them is: what they leave is the cell's remaining error
        /// and more, a coarse sieve…
        package var sieve = 0.6
        /// …and the further ones.
        package var furtherSieve = 0.1
        /// R (a fraction) below which elements are tried in each other's places.
        package var exchangedBelow = 0.02
        /// Exchanges at most, the nearest atomic numbers first.
        package var exchanges = 12
        /// By what factor R must fall for an exchange to be followed.
        package var exchangeGain = 0.999
        /// R (a fraction) below which another minimum is named beside the best.
        package var alternatives = 0.02
    }
}
