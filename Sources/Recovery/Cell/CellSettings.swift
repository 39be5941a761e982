import Refinement

extension RecoverySettings {
    /// How the lattice is found from the lines' positions (`CellPrior`, `CellSearch`, `CellStage`).
    public struct Cell: Codable, Sendable, Hashable {
        /// Assumed strengths of the start's distortion: every entry of the deformation within ± this. 0.03 and 0.08 cover starts
        /// distorted by σ up to 0.05 (Docs/Recovery.md: PbSO4, fluorapatite, Na2Ca3Al2F14).
        public var spreads = [0.03, 0.08]
        /// Deformations drawn for the prior's covariance. Enough for its entries to some 5 %.
        public var priorSamples = 500
        /// Hypotheses kept after each line, by the number of free lattice parameters, the last for all beyond. Unexplained, from
        /// the first search.
        public var beamWidths = [4000]
        /// Prior probability that a line belongs to no reflection of the phase: an impurity's, or noise.
        public var foreignShare = 0.15
        /// Degrees 2θ; prior standard deviation of the zero shift. Of a diffractometer in adjustment.
        public var zeroUncertainty = 0.05
        /// Lines, from low angles on, that are assigned. Unexplained, from the first search.
        public var lines = 25
        /// Standard deviations from its predicted place within which a line may be a reflection.
        public var gate = 4.0
        /// Share of Q beyond which no reflection is tried for a line, whatever the deviation.
        public var window = 0.35
        /// By how much more than the last line's Q the range of chance lines is.
        public var chanceRange = 1.05
        /// By how much more than the last line's Q reflections are counted as predicted.
        public var predictedRange = 1.02
        /// By how much more than the last line's Q, and three spreads, reflections are listed.
        public var listRange = 1.1
        /// Parts of the largest component of the reciprocal metric; hypotheses that agree to one are one.
        public var latticeGrid = 2e4
        /// Parts of a degree of zero shift; hypotheses that agree to one are one.
        public var zeroGrid = 100.0
        /// Cells, for each spread, that are fitted with free intensities. Unexplained, from the first search.
        public var candidates = 8
        /// Widths beyond the last assigned line to which these fits reach.
        public var fitReach = 3.0
        /// Relative difference of lattice parameters within which a candidate is a cell that was fitted already.
        public var sameCell = 1e-3
        /// By how much more than the pattern's end, in (sinθ/λ)², reflections are listed while the cell moves.
        public var reflectionMargin = 1.002
        /// Fits with free intensities.
        package var pawley = PawleyFit.Settings()

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}

        /// For a lattice with so many free parameters.
        func beamWidth(parameters: Int) -> Int {
            beamWidths.isEmpty ? 1 : beamWidths[max(0, min(beamWidths.count, parameters) - 1)]
        }
    }

    /// Which groups the lines that are not there leave (`AbsenceScreen`).
    public struct Absences: Codable, Sendable, Hashable {
        /// R (a fraction); by how much worse than the best a group's lines may explain the pattern. Unexplained, from the first
        /// search.
        public var slack = 0.003
        /// By what factor worse in any case. Noise and what else the sample holds are fitted by lines that a group forbids, too:
        /// 4 % keep the right one for PbSO4, fluorapatite and Na2Ca3Al2F14 (Docs/Recovery.md).
        public var factor = 1.04
        /// R (a fraction); by how much worse than the best a centring's cell may explain the pattern.
        public var centringSlack = 0.03
        /// By what factor worse in any case: four times as many lines explain an impurity's, too (Na2Ca3Al2F14 with CaF2).
        public var centringFactor = 2.0
        /// By what factor more than the best free intensities a structure may leave for the centrings with fewer vectors to be
        /// left out.
        public var settledFactor = 1.25
        /// R (a fraction); and by how much more.
        public var settledSlack = 0.01

        /// With the values that Docs/RecoverySettings.md lists.
        public init() {}
    }
}
