import Crystallography
import Foundation
import Indexing

/// Whether the first lattice is an answer: each clause can say that it is not known.
package struct IndexVerdict: Sendable {
    package private(set) var clauses: [VerdictClause]

    /// Whether every clause holds.
    package var isDecided: Bool { clauses.allSatisfy { $0.outcome == .holds } }

    /// - Parameters:
    ///   - cell: the first of the list; nil where there is none.
    ///   - probability: its, with the profile.
    ///   - zero: degrees 2θ, as the profile has it.
    ///   - formulaVolume: Å³; nil where no composition is known.
    ///   - others: that were found, too.
    init(
        _ cell: IndexedCell?, probability: Double, zero: Double, formulaVolume: Double?,
        others: [IndexedCell], lines: [IndexingLine], _ settings: IndexingSettings
    ) {
        guard let cell else {
            clauses = [VerdictClause("lattice", .unknown, "no lattice explains the lines")]
            return
        }
        func clause(_ name: String, _ holds: Bool, _ sentence: String) -> VerdictClause {
            VerdictClause(name, holds ? .holds : .unknown, sentence)
        }
        let limits = settings.verdict
        let (figures, unexplained) = (cell.figures, cell.unexplained.count)
        let parameters = MetricForm(cell.lattice).count
        let needed = 2 * parameters + limits.spareLines
        clauses = [
            clause(
                "probability", probability >= limits.decisive,
                String(format: "the first has a probability of %.2f among those listed", probability)),
            clause(
                "merit", figures.m >= limits.leastMerit && unexplained <= limits.mostUnexplained,
                String(format: "M %.1f, %d lines unexplained", figures.m, unexplained)),
            clause(
                "lines", figures.explained >= needed,
                "\(figures.explained) lines explained by \(parameters) parameters, \(needed) wanted"
            ),
            clause(
                "zero", abs(zero) <= limits.believedZero * settings.zeroUncertainty,
                String(format: "the zero is %.3f°", zero)),
        ]
        if let doubt = Self.superlattice(cell, others, lines, settings) { clauses.append(doubt) }
        guard let formulaVolume else { return }
        let units = cell.primitiveVolume / formulaVolume
        clauses.append(
            clause(
                "composition",
                settings.volumePrior(cell.primitiveVolume, formula: formulaVolume, in: cell.lattice)
                    > limits.leastVolumeOdds,
                String(format: "a lattice point holds %.2f formula units by their volumes", units)))
    }

    /// A lattice of fewer points that has all lines but some: those may be another phase's.
    private static func superlattice(
        _ cell: IndexedCell, _ others: [IndexedCell], _ lines: [IndexingLine], _ settings: IndexingSettings
    ) -> VerdictClause? {
        let told = SuperlatticeLines(lines, settings)
        let smaller = others.compactMap { other in
            told.count(of: cell, beyond: other).map { (cell: other, lines: $0) }
        }
        guard let nearest = smaller.min(by: { $0.lines < $1.lines }),
            nearest.lines < settings.verdict.superlatticeLines
        else { return nil }
        return VerdictClause(
            "superlattice", .unknown,
            String(
                format: "%d strong lines are all that tell it from the %@ lattice of %.1f Å³", nearest.lines,
                nearest.cell.lattice.rawValue, nearest.cell.volume))
    }
}
