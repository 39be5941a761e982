import Foundation

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
    /// Lines that are more probably foreign than this carry no trial and are not counted as missed.
    public var strongShare = 0.15
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
    /// Share of the predicted lines that must be observed; with less a lattice explains anything.
    public var leastObservedShare = 0.15
    /// Trials of orthorhombic lattices rest on three of so many first lines.
    public var baseLines = 7
    /// Reciprocal axes of monoclinic and triclinic trials are among so many first lines, their quarters and (of half of them) ninths.
    public var axisLines = 8
    /// Their products are made from so many first lines.
    public var productLines = 12
    /// Lattices kept of each Bravais type.
    public var kept = 40
    /// Of so many of the best, lattices of index 2 and 3 and higher metric symmetry are looked at as well: absent lines and
    /// errors of positions hide them from the trials.
    public var derived = 8
    /// Å within which a metric has a higher symmetry: 0.1 % of usual cells.
    public var metricTolerance = 0.03
    /// What a free parameter costs that stands at a special value for no reason: β within 0.1 of 30° of 90°, ln 300.
    public var coincidenceCost = 5.7

    /// Logarithmic standard deviations of additive volumes and their shares: two in three structures of the other half of OQMD lie
    /// within 8 %, 95 in 100 within 19 %, 99 in 100 within 30 % (`Scripts/atomic-volumes.py`).
    public var volumeUncertainties = [0.07, 0.16]
    /// Shares of the standard deviations; the rest is `volumeOutliers`.
    public var volumeShares = [0.85, 0.1495]
    /// Share of compositions whose volume additive volumes miss altogether.
    public var volumeOutliers = 0.0005
    /// Formula units of a lattice point that are thought of; n of them with a prior of 1/n, which prefers no size.
    public var mostFormulaUnits = 24

    /// The standard search.
    public init() {}
}

extension IndexingSettings {
    /// The logarithm of how much likelier a volume of a lattice point (Å³) is with a whole number of formula units in it than
    /// one from anywhere; 0 where the formula's volume is not known.
    package func volumePrior(_ volume: Double, formula: Double?) -> Double {
        guard let formula, formula > 0, volume > 0 else { return 0 }
        let range = log(Double(mostFormulaUnits))
        var (density, whole) = (0.0, 0.0)
        for units in 1...mostFormulaUnits {
            let prior = 1 / Double(units)
            let deviation = log(volume / (Double(units) * formula))
            whole += prior
            density += prior * volumeDensity(deviation)
        }
        return log(density / whole * range + volumeOutliers)
    }

    package func volumeDensity(_ deviation: Double) -> Double {
        zip(volumeUncertainties, volumeShares).reduce(0) { sum, normal in
            let z = deviation / normal.0
            return sum + normal.1 * exp(-z * z / 2) / (normal.0 * (2 * Double.pi).squareRoot())
        }
    }
}

extension IndexingSettings {
    /// Of each line the probability that it is of no lattice in question.
    func foreignShares(_ lines: [IndexingLine]) -> [Double] {
        let highest = lines.compactMap(\.intensity).max() ?? 0
        return lines.map { line in
            guard let intensity = line.intensity, highest > 0 else { return foreignShareUnknown }
            let weak = foreignShareWeak * exp(-max(0, intensity) / highest / weakIntensity)
            return 1 - line.probability * (1 - foreignShare - weak)
        }
    }
}
