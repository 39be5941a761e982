import Foundation

/// What decides which lattices indexing proposes. Where no law or paper is named, a value is the first that was tried on simulated
/// lines of 48 structures of MP-20 that are not in MP100; none was swept yet.
public struct IndexingSettings: Sendable, Hashable, Codable {
    /// Lines that are taken, lowest angles first. Twenty is the field's habit since de Wolff (1968).
    public var lines = 20
    /// Prior share of lines that belong to another phase, or are none (`CellSearch` has the same).
    public var foreignShare = 0.15
    /// A trial is looked at with so many lines first, then with more: the errors of its base lines grow with the angle.
    public var stages = [6, 10, 15, 20]
    /// Standard uncertainties within which a line belongs to a reflection, stage by stage.
    public var tolerances = [10, 8, 5, 3.5]
    /// Lines that may belong to no reflection, stage by stage.
    public var missed = [2, 2, 3, 4]
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

    /// Logarithmic standard deviation of additive volumes: nine in ten within 15 % (`Scripts/atomic-volumes.py`).
    public var volumeUncertainty = 0.09
    /// Share of compositions whose volume additive volumes miss altogether.
    public var volumeOutliers = 0.03
    /// Formula units of a lattice point that are thought of; n of them with a prior of 1/n, which prefers no size.
    public var mostFormulaUnits = 24

    /// The standard search.
    public init() {}
}

extension IndexingSettings {
    /// The logarithm of how much likelier a volume of a lattice point (Å³) is with a whole number of formula units in it than
    /// one from anywhere; 0 where the formula's volume is not known.
    func volumePrior(_ volume: Double, formula: Double?) -> Double {
        guard let formula, formula > 0, volume > 0 else { return 0 }
        let range = log(Double(mostFormulaUnits))
        var (density, whole) = (0.0, 0.0)
        for units in 1...mostFormulaUnits {
            let z = log(volume / (Double(units) * formula)) / volumeUncertainty
            let prior = 1 / Double(units)
            whole += prior
            density += prior * exp(-z * z / 2) / (volumeUncertainty * (2 * Double.pi).squareRoot())
        }
        return log((1 - volumeOutliers) * density / whole * range + volumeOutliers)
    }
}
