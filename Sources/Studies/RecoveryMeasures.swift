import Crystallography
import Diffraction
import Foundation
import Landscape
import Matching
import Symmetry

/// What is measured at the end of one run, against the reference.
package struct RecoveryMeasures: Sendable, Hashable {
    /// Under the paper's tolerances (0.1, 0.2, 5°), volumes scaled to each other.
    package var matched: Bool
    /// The same without scaling.
    package var matchedFixedScale: Bool
    /// Group, cell, atoms and pattern agree.
    package var exact: Bool
    /// The pattern fits below 1 % and the structure is another one.
    package var ambiguous: Bool
    package var cosine: Double
    /// √(Σ(y − s ŷ)²/Σy²) with unit weights and the best scale s: the paper's cosine objective is blind to s as well.
    package var rwp: Double
    /// Largest |Δ|/length over a, b, c of the closest description.
    package var cellError: Double
    /// |ΔV|/V.
    package var volumeError: Double
    /// Å, at fixed scale; NaN where the atoms do not correspond.
    package var rmsDisplacement: Double
    package var structuralDistance: Double
    /// The other similarities at the end, for correlations.
    package var meanSquaredError: Double
    package var entropy: Double

    package init(
        matched: Bool, matchedFixedScale: Bool, exact: Bool, ambiguous: Bool, cosine: Double, rwp: Double,
        cellError: Double, volumeError: Double, rmsDisplacement: Double, structuralDistance: Double,
        meanSquaredError: Double, entropy: Double
    ) {
        (self.matched, self.matchedFixedScale, self.exact) = (matched, matchedFixedScale, exact)
        (self.ambiguous, self.cosine, self.rwp, self.cellError) = (ambiguous, cosine, rwp, cellError)
        (self.volumeError, self.rmsDisplacement) = (volumeError, rmsDisplacement)
        (self.structuralDistance, self.meanSquaredError) = (structuralDistance, meanSquaredError)
        self.entropy = entropy
    }

    package init(_ end: CrystalStructure, reference: RecoveryReference) throws {
        let candidate = MatchCandidate(end)
        var fixed = MatchTolerances.landscapePaper
        fixed.scalesVolume = false
        matched = Self.matches(end, reference: reference)
        matchedFixedScale = StructureMatch.isMatch(candidate, reference.matchCandidate, tolerances: fixed)
        let reduced = try PatternObjective.withoutSymmetry(end)
        let twoTheta = RecoveryReference.twoTheta
        let pattern = try PowderCalculation(RecoveryReference.model(reduced), twoTheta: twoTheta).calculated
        func value(_ measure: SimilarityMeasure) -> Double {
            measure.prepared(target: reference.target, twoTheta: twoTheta).value(pattern)
        }
        cosine = value(.cosine)
        rwp = max(0, 1 - cosine * cosine).squareRoot()
        entropy = value(.spectralEntropy)
        // Intensities in units of the target's highest point.
        let highest = reference.target.max() ?? 1
        meanSquaredError = value(.meanSquaredError) / (highest * highest)
        volumeError = abs(end.lattice.volume / reference.structure.lattice.volume - 1)
        let comparison = ExactRecovery(of: end, reference: reference.structure)
        cellError = comparison?.lengthDeviation ?? .nan
        rmsDisplacement = comparison?.rmsDisplacement ?? .nan
        structuralDistance =
            comparison.map { exact in
                let strain = StructuralDistance.strain(
                    from: reference.structure.lattice, to: exact.description.lattice)
                let unit = cbrt(
                    reference.structure.lattice.volume / Double(reference.structure.sites.count))
                let displacement = exact.rmsDisplacement / unit
                return (strain * strain + displacement * displacement).squareRoot()
            } ?? .nan
        let fits = rwp < 0.01
        exact = fits && comparison?.isExact == true && Self.hasGroup(end, reference)
        ambiguous = fits && !exact
    }

    /// The verdict under the paper's tolerances alone.
    package static func matches(_ end: CrystalStructure, reference: RecoveryReference) -> Bool {
        StructureMatch.isMatch(
            MatchCandidate(end), reference.matchCandidate, tolerances: .landscapePaper)
    }

    /// The reference's group or its enantiomorph, found within what exact recovery allows of atoms.
    private static func hasGroup(_ end: CrystalStructure, _ reference: RecoveryReference) -> Bool {
        let tolerance = 0.03
        // An end whose symmetry cannot be found has not the reference's.
        guard let found = try? SymmetryFinder.find(in: end, tolerance: tolerance) else { return false }
        let (a, b) = (found.spaceGroup, reference.reduced.spaceGroup)
        if a.number == b.number { return true }
        return enantiomorphs.contains {
            ($0 == a.number && $1 == b.number) || ($0 == b.number && $1 == a.number)
        }
    }

    /// ITA Vol. A: the eleven pairs of enantiomorphic space-group types.
    private static let enantiomorphs = [
        (76, 78), (91, 95), (92, 96), (144, 145), (151, 153), (152, 154), (169, 170), (171, 172), (178, 179),
        (180, 181), (212, 213),
    ]
}
