import Foundation
import Indexing
import Recovery

/// Lines that a structure's reflections leave and another lattice has: evidence that the cell is too small or too much centred, however
/// little the lines add to Rwp.
package struct LatticeEvidence {
    /// That stand at no reflection.
    package let lines: [IndexingLine]
    private let settings: RecoverySettings.Solution

    package init(lines: [IndexingLine], settings: RecoverySettings.Solution = .init()) {
        (self.lines, self.settings) = (lines, settings)
    }

    /// The first lattice that has more of these lines than chance gives, with their number; nil where none has.
    package func rival(among lattices: [IndexJob.Candidate]) -> (lattice: IndexJob.Candidate, lines: Int)? {
        for candidate in lattices {
            let (count, chance) = explained(by: candidate)
            if count > 0, chance < settings.latticeAccident { return (candidate, count) }
        }
        return nil
    }

    /// The lines that stand at none of its reflections.
    package func left(by candidate: IndexJob.Candidate) -> [IndexingLine] {
        let limit = 1.01 * (lines.map(\.q).max() ?? 0)
        let predicted = candidate.cell.predictedQ(upTo: limit, refined: candidate.lattice)
        return lines.filter { line in
            let (q, reach) = (line.corrected(forZero: candidate.zero).q, settings.latticeReach * line.qSigma)
            return !predicted.contains { abs($0 - q) <= reach }
        }
    }

    /// Lines that stand at its reflections, and the chance that as many do of any lattice so dense.
    private func explained(by candidate: IndexJob.Candidate) -> (count: Int, chance: Double) {
        let lines = lines.map { $0.corrected(forZero: candidate.zero) }
        let span = lines.map { settings.latticeNeighbourhood * $0.zeroSlope }
        let limit = zip(lines, span).map { $0.q + $1 }.max() ?? 0
        let predicted = candidate.cell.predictedQ(upTo: limit, refined: candidate.lattice)
        var (count, chance) = (0, 1.0)
        for (line, span) in zip(lines, span) where span > 0 {
            let reach = settings.latticeReach * line.qSigma
            guard predicted.contains(where: { abs($0 - line.q) <= reach }) else { continue }
            let near = Double(predicted.count { abs($0 - line.q) <= span })
            count += 1
            // Times the number of ways in which so many of the lines can be chosen.
            chance *= min(1, near * reach / span) * Double(lines.count - count + 1) / Double(count)
        }
        return (count, min(1, chance))
    }
}
