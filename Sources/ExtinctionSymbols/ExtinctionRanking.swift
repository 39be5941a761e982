import Parameterization
import Refinement
import Symmetry

/// The extinction symbols of a cell in the order of their probability, and what they rest on.
public struct ExtinctionRanking: Sendable {
    /// One symbol.
    public struct Entry: Sendable {
        /// Its settings and conditions.
        public var symbol: ExtinctionSymbol
        /// log p(pattern | symbol), natural; 0 for the best.
        public var logLikelihood: Double
        /// Of the symbols that were tried, which add up to one.
        public var probability: Double
        /// Lines of the pattern that it forbids, in the order of `lines`.
        public var absentLines: [Int]
        /// Each condition with the lines that tell; of the first symbols only.
        public var evidence: [ConditionEvidence]
    }

    /// A line and what the pattern says of it.
    public struct Line: Sendable, Hashable {
        /// Where it stands and what it is called.
        public var line: PowderLine
        /// Integrated, in the pattern's unit times degrees, overlap taken into account.
        public var intensity: Double
        /// One standard uncertainty of it, likewise.
        public var sigma: Double
        /// log of how much better the line is explained as absent than as one among others.
        public var absenceOdds: Double
    }

    /// A condition of a symbol and the lines that it forbids.
    public struct ConditionEvidence: Sendable {
        /// As ITA prints it: "0kl: k+l=2n".
        public var condition: ReflectionCondition
        /// Forbidden lines, in the order of `lines`.
        public var lines: [Int]
        /// Sum of their odds: above zero where they look absent together.
        public var absenceOdds: Double
    }

    /// The likeliest first.
    public var entries: [Entry]
    /// Of the least restrictive symbol, in the order of 2θ.
    public var lines: [Line]
    /// The cell after its refinement.
    public var lattice: LatticeParameters
    /// Of the net pattern: what free intensities of all lines leave.
    public var rwp: Double
    /// The fit with free intensities.
    package var fit: PawleyFit.Result

    /// The likeliest.
    public var best: Entry? { entries.first }
}
