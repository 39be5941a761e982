import Crystallography
import Diffraction
import Energies
import NumericalMethods
import Parameterization

/// What is minimised over a landscape: the loss of a pattern, an energy, or a sum of the two.
///
/// A plain value: every worker makes an evaluator of its own.
public struct LandscapeObjective: Sendable {
    /// The pattern's part.
    public struct PatternTerm: Sendable {
        /// How patterns are compared.
        public var measure: SimilarityMeasure
        /// Instrument and tables; the structure of its first phase is replaced.
        public var model: PowderModel
        /// Degrees, ascending.
        public var twoTheta: [Double]
        /// Intensities at `twoTheta`; nil for the truth's own pattern.
        public var target: [Double]?
        /// 1/σ² for Rwp; nil for 1 everywhere.
        public var weights: [Double]?

        /// A comparison with a pattern.
        public init(
            _ measure: SimilarityMeasure, model: PowderModel, twoTheta: [Double], target: [Double]? = nil,
            weights: [Double]? = nil
        ) {
            (self.measure, self.model, self.twoTheta) = (measure, model, twoTheta)
            (self.target, self.weights) = (target, weights)
        }
    }

    /// The pattern's part; nil for an energy alone.
    public var pattern: PatternTerm?
    /// The potential; nil for a pattern alone.
    public var energy: (any InteratomicPotential)?
    /// Of the energy (eV/atom above the truth's) beside the pattern's loss.
    public var energyWeight: Double

    /// A pattern alone.
    public init(pattern: PatternTerm) {
        self.pattern = pattern
        energy = nil
        energyWeight = 0
    }

    /// eV/atom above the truth's, and the pattern's loss beside it where there is a pattern.
    public init(energy: any InteratomicPotential, weight: Double = 1, pattern: PatternTerm? = nil) {
        self.pattern = pattern
        self.energy = energy
        energyWeight = weight
    }

    /// `1 − cosine`, `rwp`, `energy above the truth (eV/atom)`, `1 − cosine + 0.5 energy`.
    public var name: String {
        let loss = pattern.map { $0.measure.isSimilarity ? "1 − \($0.measure.name)" : $0.measure.name }
        guard energy != nil else { return loss ?? "nothing" }
        return loss.map { "\($0) + \(energyWeight) energy" } ?? "energy above the truth (eV/atom)"
    }
}
