/// Every number that decides what a design finds, by where it is used (Docs/Settings.md lists them; summary.json holds those of
/// a run).
///
/// A field says its unit and its reason. What is asked of a search (candidates, calls, seed) is not here: that is the user's.
package struct DesignSettings: Codable, Sendable, Hashable {
    /// How far a candidate may go from its template.
    package var template = Template()
    /// What a miss of the targets costs.
    package var loss = Loss()
    /// Which search is taken, and what it may spend.
    package var budget = Budget()
    /// Where a composition's cell and coordinates start.
    package var starts = Starts()
    /// How cell and coordinates of given elements are solved for.
    package var descent = Descent()
    /// Best-first search over compositions.
    package var compositions = Compositions()
    /// Other structures of compositions that succeeded.
    package var variants = Variants()
    /// Exchanges in templates of many orbits.
    package var swaps = Swaps()
    /// Which ions share sites where the geometry is the potential's.
    package var substitution = Substitution()
    /// Every composition.
    package var exhaustive = Exhaustive()
    /// Compositions at the geometry of the potential's least energy.
    package var relaxed = Relaxed()
    /// Independent draws.
    package var trials = Trials()
    /// The tree-structured Parzen estimator's.
    package var parzen = Parzen()
    /// SMOACS as published.
    package var smoacs = Smoacs()
    /// What CHGNet has to say of a candidate for it to be stable.
    package var judge = Judge()

    /// With the values that Docs/Settings.md lists.
    package init() {}

    /// How far a candidate may go from its template.
    package struct Template: Codable, Sendable, Hashable {
        /// Degrees, of a free angle to both sides.
        package var angle = 5.0
        /// Fractional in a cell of the type, to both sides: beyond, an atom stands nearer to another site than to its own.
        package var coordinate = 0.15
        /// Factors of a length of a user's file: less far than a named type's, whose cell is a rounded start.
        package var lengthsOfFile = 0.7...1.5
        /// Å, within which the symmetry of a user's file is looked for.
        package var tolerance = 0.01

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }

    /// What a miss of the targets costs (`DesignLoss`).
    package struct Loss: Codable, Sendable, Hashable {
        /// Part of a window inside of which a candidate is left as it is: the rest is margin.
        package var margin = 0.15
        /// P(metal) from which a crystal counts as a metal: where the classifier says one is as likely as the other, as the published
        /// studies have it.
        package var metal = 0.5
        /// The same where the potential gives the geometry: of real crystals that the classifier gives 0.2 to 0.5 more than every third is a
        /// metal.
        package var sureMetal = 0.2
        /// Of the log-odds by which it has to be less: P(metal) below 0.45.
        package var gateMargin = 0.2
        /// Chances are kept away from 0 and 1 by this, where the log-odds end.
        package var leastChance = 1e-12
        /// In the property's unit; of a predictor that states no mean error.
        package var unknownError = 0.1
        /// In the property's unit; no miss is measured by less.
        package var leastScale = 1e-3

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }

    /// Which search is taken, and what it may spend.
    package struct Budget: Codable, Sendable, Hashable {
        /// Evaluations for each candidate where no budget is given, as SMOACS has.
        package var evaluationsPerCandidate = 200
        /// Orbits beyond which one candidate at a time is led by its own gradient, instead of ranking whole compositions: a site
        /// more is a factor more compositions.
        package var mostRankedOrbits = 12
        /// Draws for one decoration, before one that the tolerance factor or a constraint refuses is taken.
        package var draws = 200
    }

    /// Where a composition's cell and coordinates start.
    package struct Starts: Codable, Sendable, Hashable {
        /// Of the ionic cell's lengths, attempt by attempt: learned models and radii disagree by up to a third.
        package var cellFactors = [1.0, 1.08, 0.93, 1.2, 0.85, 1.35]
        /// Å, about: spread of the lengths of a later attempt.
        package var lengths = 0.05
        /// Å, about: spread of the coordinates of a later attempt.
        package var coordinates = 0.25
    }

    /// How cell and coordinates of given elements are solved for (`LocalSearch`).
    package struct Descent: Codable, Sendable, Hashable {
        /// Å, about: neighbours stay frozen until something has moved by this.
        package var frozen = 0.05
        /// Å, about: no step is longer.
        package var longestStep = 0.35
        /// Å, about: a step shorter than this is the last.
        package var shortestStep = 1e-6
        /// Share of the loss: a step that gains less is the last.
        package var leastGain = 1e-4
        /// Damping at first, in units of the misses' normal equations…
        package var damping = 1.0
        /// …by which it is divided after a step that gains…
        package var dampingFall = 4.0
        /// …and multiplied after one that does not…
        package var dampingRise = 8.0
        /// …and between which it stays.
        package var dampings = 1e-3...1e5
    }

    /// Best-first search over compositions (`CompositionSearch`).
    package struct Compositions: Codable, Sendable, Hashable {
        /// Starts of a composition that fails.
        package var attempts = 5
        /// Of the loss: an attempt more is expected to be worse by this.
        package var attemptPenalty = 0.5
        /// Evaluations of a first attempt…
        package var firstEvaluations = 8
        /// …and of a later one.
        package var laterEvaluations = 14
        /// Compositions solved at a time.
        package var batch = 16
        /// First draws, for each pattern of charges.
        package var draws = 8
        /// Draws where nothing is left to solve.
        package var redraws = 64
        /// Of the calls, one in so many is kept for other structures of what was found.
        package var reserve = 10
    }

    /// Other structures of compositions that succeeded (`StructureVariants`).
    package struct Variants: Codable, Sendable, Hashable {
        /// Å, about: how far structures of one composition lie apart at first…
        package var apart = 0.02
        /// …and half as far after every so many rounds.
        package var roundsApart = 10
        /// Rounds at most.
        package var rounds = 40
        /// Å, about: displacements from what is known, in turn.
        package var spreads = [0.15, 0.05, 0.3]
        /// Evaluations of one structure: it starts near a success.
        package var evaluations = 6
    }

    /// Exchanges in templates of many orbits (`SwapDescent`).
    package struct Swaps: Codable, Sendable, Hashable {
        /// Descents at a time.
        package var batch = 8
        /// Evaluations of one descent, before the last solution for cell and coordinates.
        package var evaluations = 60
        /// Evaluations of the local search before the exchanges…
        package var firstEvaluations = 2
        /// …between them…
        package var betweenEvaluations = 3
        /// …and after them.
        package var lastEvaluations = 12
        /// Of the orbits, one in so many is exchanged first.
        package var firstGroup = 3
        /// Å, about: coordinates start off the template's sites, where forces need not vanish by symmetry.
        package var spread = 0.02
        /// Draws for one start, before one that the tolerance factor or a constraint refuses is taken.
        package var draws = 500
        /// Å, within which a translation of the supercell is looked for.
        package var tolerance = 0.01
    }

    /// Which ions share sites in templates of many orbits where the geometry is the potential's (`SubstitutionRule`).
    package struct Substitution: Codable, Sendable, Hashable {
        /// Of the smallest ionic radius on a role's sites, by which the largest may be larger: Goldschmidt's 15 %.
        package var radiusSpread = 0.15
        /// Of the tolerance factor of each A, B and X, by the table's radii, which are those of six neighbours: below, octahedra tilt so far
        /// that X leaves its site by more than a supercell's coordinates may.
        package var tolerance = 0.9...1.02
        /// Of the ionic radius of B over that of X: from 0.414 on six X fit (Pauling); perovskites that pressure does not make end at 0.9.
        package var octahedral = 0.41...0.9
        /// Draws of elements for one start, before the rule is left out.
        package var draws = 20000
        /// Share of a role's sites on which another ion replaces the host's, drawn evenly: few enough that the host keeps its sites and its
        /// gap, and at least one, so that no translation is left.
        package var share = 0.02...0.25

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }

    /// Every composition (`ExhaustiveSearch`).
    package struct Exhaustive: Codable, Sendable, Hashable {
        /// Starts of a composition; what the first leaves out, the others mostly find.
        package var starts = 5
        /// Evaluations of one start.
        package var evaluations = 20
    }

    /// Compositions at the geometry of the potential's least energy (`RelaxedGeometrySearch`).
    package struct Relaxed: Codable, Sendable, Hashable {
        /// Up to so many compositions are all relaxed: of 5 atoms on cubic sites 10 ms each.
        package var mostCompositions = 6000
        /// Beyond: relaxations at most, for each candidate that is asked for.
        package var relaxationsPerCandidate = 8
        /// Compositions relaxed at a time.
        package var batch = 16
        /// First draws, for each pattern of charges.
        package var draws = 8
        /// Draws where nothing is left to relax.
        package var redraws = 64
        /// Of many orbits: relaxations of one descent, exchanges of elements between them.
        package var rounds = 4
        /// Of many orbits: descents at most, for each candidate that is asked for.
        package var descentsPerCandidate = 2

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }

    /// Independent draws (`IndependentTrials`).
    package struct Trials: Codable, Sendable, Hashable {
        /// Even draws before the estimator, as Bergstra et al. have.
        package var evenDraws = 20
        /// Of the tolerance factor: a miss of this counts 1.
        package var toleranceScale = 0.05
        /// Loss of a composition without a tolerance factor.
        package var undefinedTolerance = 10.0
    }

    /// The tree-structured Parzen estimator's (Bergstra et al., NIPS 2011).
    package struct Parzen: Codable, Sendable, Hashable {
        /// Draws from the density of the good trials, of which the best is taken.
        package var draws = 24
        /// Of all trials, one in so many is good…
        package var share = 5
        /// …and these few or many.
        package var good = 4...25
        /// Width of a kernel, as a part of the range over √(number of points).
        package var width = 0.5
    }

    /// SMOACS as published (Fujii et al., arXiv 2410.08562), and what it leaves open.
    package struct Smoacs: Codable, Sendable, Hashable {
        /// Of the softmax, at first…
        package var firstTemperature = 1e-2
        /// …and at last: it falls evenly over the steps, as published.
        package var lastTemperature = 1e-4
        /// Adam's rate of the logits, at first; not published, ours.
        package var logitRate = 0.005
        /// The same of the weights over patterns.
        package var weightRate = 0.005
        /// The same of cell and coordinates.
        package var variableRate = 0.05
        /// First logits and weights are drawn evenly from 0 to this.
        package var spread = 0.02
        /// Noise of a mutation on logits…
        package var logitMutation = 0.01
        /// …and on the variables (Å, about).
        package var variableMutation = 0.05
        /// Of a window's width: a miss counts beyond this from its middle, as published.
        package var window = 0.1
    }

    /// What CHGNet has to say of a candidate for it to be stable (`StabilityJudge`).
    package struct Judge: Codable, Sendable, Hashable {
        /// eV/atom, below which the formation energy must be: the target's upper end where one is asked for, else what the perovskite
        /// studies ask for.
        package var formationEnergy = -0.5
        /// Share of the model's error within which a value is its floor, no answer: of CGCNN's gap 0.01 eV, where 38 of 64 candidates
        /// for 0.5 eV stood on 0.3707 eV.
        package var floorShare = 0.025
        /// Orders of the atoms in which a success is predicted again as CGCNN's own code does it, ties by the order: more than these change
        /// the verdict on few (of 64, 43 hold in one order, 23 in 25).
        package var tieOrders = 25
        /// Share of the sum of covalent radii that no two atoms may be nearer than: 27 of 32
        /// candidates of 135 atoms had contacts below it (Ce–O at 1.18 Å).
        package var contactShare = 0.75
        /// Valence units; what is asked of supercells where nothing else is: of 32 candidates of 135 atoms it left 1 with atoms on top of
        /// one another, without it 27.
        package var bondValence = 0.5
        /// eV/Å, below which every force must be.
        package var force = 0.05
        /// Fractional, less than which every coordinate must have moved: as far as a template's may go.
        package var shift = 0.15
        /// eV/atom: a soft mode that gains less is flat within CHGNet's noise and no saddle (`SaddleCheck`).
        package var flatEnergy = 0.001
        /// Å: and one along which no atom moves further.
        package var flatDisplacement = 0.03
        /// Å, within which the group of a lower minimum is found: what a relaxation without symmetry leaves of it.
        package var lowerTolerance = 0.02
        /// GPa, to both sides: the volume changes by a part in a hundred, far more than the relaxation's own tolerance of 0.05 GPa.
        package var pressure = 1.0
        /// Evaluations of a relaxation at most: nearly all of 5 atoms take 10, of 135 free ones some 100.
        package var evaluations = 200

        /// With the values that Docs/Settings.md lists.
        package init() {}
    }
}
