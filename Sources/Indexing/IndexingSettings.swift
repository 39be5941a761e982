import Foundation
import Symmetry

/// What decides which lattices indexing proposes. Where no law or paper is named, a value is the first that was tried on simulated
/// lines of 48 structures of MP-20 that are not in MP100; none was swept yet.
public struct IndexingSettings: Sendable, Hashable, Codable {
    /// Lines that are taken, lowest angles first. Twenty is the field's habit since de Wolff (1968).
    public var lines = 20
    /// Probability that a strong line belongs to another phase, or is none.
    public var foreignShare = 0.03
    /// The same of a line whose intensity is not known.
    public var foreignShareUnknown = 0.06
    /// What a weak line has more: its intensity may be noise or an impurity's strongest.
    public var foreignShareWeak = 0.4
    /// Share of the strongest line's intensity from which on a line is strong: a few per cent of an impurity.
    public var weakIntensity = 0.02
    /// Probability that a line where Kβ of a stronger one would stand is a crystal's after all.
    public var betaDoubt = 0.1
    /// Lines that are more probably foreign than this are not counted as missed…
    public var strongShare = 0.15
    /// …and those than this carry no trial…
    public var trialShare = 0.15
    /// …but for monoclinic and triclinic lattices where nothing convinces: their axes are weak lines at low angles (Zr5N5O2: of
    /// 1 and 2 % of the strongest).
    public var weakTrialShare = 0.4
    /// A trial is looked at with so many lines first, then with more: the errors of its base lines grow with the angle.
    public var stages = [8, 11, 15, 20]
    /// Standard uncertainties within which a line belongs to a reflection, stage by stage.
    public var tolerances = [6, 6, 5, 3.5]
    /// Standard uncertainties of the zero by which a line may be farther off, stage by stage: base lines carry it into the trial, the
    /// fits take it out.
    public var zeroReach = [1, 0.5, 0.2, 0]
    /// Lines that may belong to no reflection, stage by stage.
    public var missed = [2, 2, 3, 4]
    /// Standard uncertainty of the zero of the angles before any line is seen, degrees 2θ: powders of minerals show 0.01 to 0.1°.
    public var zeroUncertainty = 0.05
    /// Degrees 2θ; zeros that are tried where no lattice with one near 0 is an answer. They stand three of `zeroUncertainty` apart, what
    /// the fits bridge…
    public var farZeros = [-0.3, -0.15, 0.15, 0.3]
    /// …and of neutrons, whose diffractometers have up to 0.6°.
    public var farZerosOfNeutrons = [-0.6, -0.45, -0.3, -0.15, 0.15, 0.3, 0.45, 0.6]
    /// Trials of orthorhombic lattices with such zeros rest on three of so many first lines, ten triples for the 35 of `baseLines`: a zero
    /// is asked after many others, and took two thirds of all time.
    public var farZeroBaseLines = 5
    /// Standard uncertainty of such zeros, degrees 2θ…
    public var farZeroUncertainty = 0.4
    /// …and the share of patterns that have one.
    public var farZeroShare = 0.1
    /// Lattices of more parameters explain anything with a free zero, and take the most time.
    public var farZeroParameters = 3
    /// Share of patterns in which another phase has about as many lines as the main one…
    public var secondPhaseShare = 0.1
    /// …and share of the strongest line's intensity below which a line is then as probably the other's.
    public var mainPhaseIntensity = 0.1
    /// Share of the predicted lines that must be observed; with less a lattice explains anything.
    public var leastObservedShare = 0.15
    /// Share of its parameters within which a trial is one that was looked at already: 0.02° at 40°, less than a trial is off.
    public var sameTrial = 1e-3
    /// Trials of orthorhombic lattices rest on three of so many first lines.
    public var baseLines = 7
    /// Reciprocal axes of monoclinic trials are among so many first lines, their quarters and (of half of them) ninths.
    public var axisLines = 8
    /// Their products are made from so many first lines.
    public var productLines = 12
    /// Points of a zone h0l among those lines at most; with more it explains anything.
    public var zoneLines = 60
    /// Zones of triclinic lattices have their axes (also as quarters and ninths) and a product among so many first lines: with
    /// 12 two of 68 oblique lattices of MP-20 were missed that 14 find.
    public var zoneBaseLines = 14
    /// −ln of the probability of chance from which on a zone is thought of: three lines make it, a fourth speaks for it…
    public var zoneScore = 8.0
    /// …and so many of the likeliest are combined…
    public var zones = 400
    /// …in so many pairs with a row in common, those that explain the most lines. Of 60 random lattices with half of their lines 43, 47 and
    /// 49 are found with 200 zones and 2,000 pairs, 400 and 4,000, 1,000 and 20,000, in 0.2, 0.25 and 0.55 s.
    public var zonePairs = 4000
    /// Share of a first look's reach within which a line belongs to a zone, whose axes take up most of the zero.
    public var zoneReach = 0.5
    /// Share of their axes within which zones or rows are one.
    public var sameZone = 0.002
    /// Å⁻²; square of the shortest reciprocal axis that a zone has: 32 Å.
    public var leastAxis = 0.001
    /// Share of its parameters by which a triclinic trial may be off.
    public var trialUncertainty = 0.01
    /// Lattices kept of each Bravais type.
    public var kept = 40
    /// Å³ of a lattice point; no atom is smaller.
    public var smallestVolume = 8.0
    /// Products of two axes are at most so many times those of a reduced basis: lines are absent, and the nearest basis with all
    /// its lines is not reduced.
    public var reductionSlack = 1.5
    /// Of so many of the best, lattices of index 2 and 3 and higher metric symmetry are looked at as well: absent lines and
    /// errors of positions hide them from the trials.
    public var derived = 8
    /// Å within which a metric has a higher symmetry: 0.1 % of usual cells.
    public var metricTolerance = 0.03
    /// Natural logarithm of the longest axis over the shortest, 30 Å over 2: how little is known of an axis beforehand.
    public var axisRange = 2.7
    /// Å; a lattice has no shorter translation: of 14,514 structures of OQMD helium has 2.20, beryllium 2.26.
    public var leastTranslation = 2.0
    /// Å; of them 5 in 100 have a shorter one…
    public var usualTranslation = 3.26
    /// …and 5 in 10,000 one that is shorter by this more, Å: what `translationCost` stands for.
    public var translationFall = 0.8
    /// ln 100.
    public var translationCost = 4.6
    /// Shortest translation over twice the covalent radius of the composition's largest atom: of those structures RbCr4O8 has the
    /// least, 0.68…
    public var leastLikeContact = 0.6
    /// …5 in 100 have less than this…
    public var usualLikeContact = 0.917
    /// …and 5 in 10,000 are less by this more.
    public var likeContactFall = 0.18

    /// Logarithmic standard deviations of volumes above additive ones and their shares: of the other half of OQMD 5 in 100
    /// structures are larger by 15 %, 1 in 100 by 31 % (`Scripts/atomic-volumes.py`).
    public var volumeUncertainties = [0.075, 0.2]
    /// The same of volumes below additive ones: 5 in 100 are smaller by 9 %, 1 in 100 by 14 %; atoms do not give way.
    public var volumeUncertaintiesBelow = [0.065, 0.12]
    /// Shares of the standard deviations; the rest is `volumeOutliers`.
    public var volumeShares = [0.85, 0.1495]
    /// Share of compositions whose volume additive volumes miss altogether.
    public var volumeOutliers = 0.0005
    /// Share of the additive volume below which no formula unit fits: of 14,514 structures of OQMD the densest, a plutonium, has 0.68.
    public var leastVolumeShare = 0.6
    /// What stands for the logarithm of 0 where a formula unit does not fit.
    public var impossibleVolume = -30.0
    /// Formula units of a lattice point that are thought of; n of them with a prior of 1/n, which prefers no size.
    public var mostFormulaUnits = 24
    /// How much rarer a number of formula units is for a lattice point that is no power of two: of 14,400 structures of OQMD with two
    /// elements or more 1 in 80…
    public var oddUnitsShare = 0.02
    /// …and of a hexagonal or rhombohedral lattice with a factor of three, 1 in 6.
    public var threefoldUnitsShare = 0.2

    /// What logarithms of odds are divided by to become probabilities: lines are less independent than the score takes them, and the
    /// truth may not be among the trials. Chosen on 140 structures of MP-20, none of them in MP100.
    public var oddsScale = 1.5
    /// Å³ of a lattice point that is as often a sublattice of the right one as right, for each per cent of the strongest line that the
    /// weakest has, where no composition is known: lines that tell a superstructure are weak, and small lattices are rarely all
    /// there is…
    public var sublatticeVolume = 11.2
    /// …how fast that changes with the volume…
    public var sublatticeExponent = 2.7
    /// …and per cent of the weakest line where no intensities are known. All chosen as `oddsScale`, on lines of 5 % and more.
    public var weakestUnknown = 5.0
    /// Share of crystals whose lattice is a superlattice of what the lines tell, for each per cent of the strongest line that the weakest
    /// has, where a composition is known: 5 of 51 at 5 % on 70 structures of MP-20 that are not in MP100.
    public var superlatticeShare = 0.016
    /// Degrees 2θ; no line of a powder is known better than that, whatever its counts say.
    public var leastUncertainty = 0.01
    /// So many of the best are fitted to the profile with free intensities, at most.
    public var fittedCells = 20
    /// Lattices that the lines make less likely than the best by more than this (natural logarithm) are not fitted: no profile
    /// changes that.
    public var fittedMargin = 30.0
    /// Lines over which the profile is fitted: as many as are indexed, and half as many more.
    public var profileLines = 30
    /// Share of a lattice's reflections that a crystal has: glide planes, screws and atoms at special positions extinguish others.
    public var presentShare = 0.5
    /// Widths from every line, where the pattern is background.
    public var lineReach = 2.0
    /// When the first lattice is an answer.
    public var verdict = Verdict()

    /// The standard search.
    public init() {}
}

extension IndexingSettings {
    /// The logarithm of how much likelier a volume of a lattice point (Å³) is with a whole number of formula units in it than
    /// one from anywhere; 0 where the formula's volume is not known.
    package func volumePrior(_ volume: Double, formula: Double?, in lattice: BravaisLattice) -> Double {
        guard let formula, formula > 0, volume > 0 else { return 0 }
        guard volume >= leastVolumeShare * formula else { return impossibleVolume }
        let range = log(Double(mostFormulaUnits))
        var (density, whole) = (0.0, 0.0)
        for units in 1...mostFormulaUnits {
            let prior = unitsPrior(units, in: lattice.family) / Double(units)
            let deviation = log(volume / (Double(units) * formula))
            whole += prior
            density += prior * volumeDensity(deviation)
        }
        return log(density / whole * range + volumeOutliers)
    }

    /// How usual a number of formula units is for a lattice point, beside 1 for powers of two.
    package func unitsPrior(_ units: Int, in family: CrystalFamily) -> Double {
        switch units >> units.trailingZeroBitCount {
        case 1: 1
        case 3 where family == .hexagonal: threefoldUnitsShare
        default: oddUnitsShare
        }
    }

    /// Of ln(volume / additive volume); the two sides meet at 0.
    package func volumeDensity(_ deviation: Double) -> Double {
        volumeShares.indices.reduce(0) { sum, i in
            let (above, below) = (volumeUncertainties[i], volumeUncertaintiesBelow[i])
            let z = deviation / (deviation > 0 ? above : below)
            return sum + volumeShares[i] * 2 * exp(-z * z / 2)
                / ((above + below) * (2 * Double.pi).squareRoot())
        }
    }
}

extension IndexingSettings {
    /// Probabilities of lattices among those listed, and none of them.
    ///
    /// - Parameters:
    ///   - scores: log-likelihood ratios against chance.
    ///   - volumes: Å³ of a lattice point, of each.
    ///   - weakest: per cent of the strongest line that the weakest has.
    ///   - isComposed: whether the scores know the composition.
    package func probabilities(
        _ scores: [Double], volumes: [Double], weakest: Double, isComposed: Bool
    ) -> [Double] {
        // "None of them" has the score 0 of chance.
        let highest = max(0, scores.max() ?? 0)
        let odds = scores.map { exp(($0 - highest) / oddsScale) }
        let whole = odds.reduce(exp(-highest / oddsScale), +)
        return zip(odds, volumes).map { odds, volume in
            // That it is no sublattice of the right one.
            guard !isComposed else { return min(odds / whole, max(0.5, 1 - superlatticeShare * weakest)) }
            return odds / whole
                / (1 + pow(weakest * sublatticeVolume / max(volume, 1), sublatticeExponent))
        }
    }

    /// Per cent of the strongest line that the weakest has.
    package func weakest(_ lines: [IndexingLine]) -> Double {
        let heights = lines.compactMap(\.intensity)
        guard let highest = heights.max(), let lowest = heights.min(), highest > 0 else {
            return weakestUnknown
        }
        return max(0, 100 * lowest / highest)
    }

    /// Å⁻²; how far from a reflection of a trial a line may stand at the first look.
    func firstReach(_ line: IndexingLine) -> Double {
        (tolerances.first ?? 10) * line.qSigma + (zeroReach.first ?? 0) * zeroUncertainty * line.zeroSlope
    }

    /// By how much less likely a zero (degrees 2θ) far from 0 is than one at 0.
    func farZeroCost(_ zero: Double) -> Double {
        let z = zero / farZeroUncertainty
        return z * z / 2 - log(farZeroShare * zeroUncertainty / farZeroUncertainty)
    }

    /// Of each line the probability that it is of no lattice in question.
    package func foreignShares(_ lines: [IndexingLine]) -> [Double] {
        let highest = lines.compactMap(\.intensity).max() ?? 0
        return lines.map { line in
            guard let intensity = line.intensity, highest > 0 else { return foreignShareUnknown }
            let weak = foreignShareWeak * exp(-max(0, intensity) / highest / weakIntensity)
            return 1 - line.probability * (1 - foreignShare - weak)
        }
    }
}
