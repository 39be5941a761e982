import Crystallography
import Foundation
import Jobs
import Publishing
import Recovery

/// What `solve` found: `recover`'s summary of the best structure, and every candidate. Lengths in Å, angles in degrees, energies in
/// eV per atom, R factors as fractions.
package struct SolutionSummary: Codable, Sendable {
    /// A structure that was refined on the way.
    package struct Candidate: Codable, Sendable {
        /// a, b, c, α, β, γ.
        package var cell: [Double]
        package var spaceGroup: SpaceGroupRow
        /// `Pb 4c, S 4c, O 4c 4c 8d`.
        package var occupation: String
        /// Formula units in the cell.
        package var z: Int
        package var rwp: Double
        @ExplicitNull package var gof: Double?
        @ExplicitNull package var energyPerAtom: Double?
        /// Shortest distance as a share of the sum of the covalent radii.
        package var contacts: Double
        /// In the folder, where there is one.
        package var file: String
    }

    /// A lattice that was in question.
    package struct Cell: Codable, Sendable {
        package var lattice: String
        package var cell: [Double]
        package var probability: Double
    }

    package var version: String
    package var pattern: String
    package var formula: String
    /// Whether every clause of the proof holds.
    package var solved: Bool
    /// Rwp of the second-best structure less that of the best; null where there is no second.
    @ExplicitNull package var margin: Double?
    /// Why there is no structure; null where there is one.
    @ExplicitNull package var trouble: String?
    /// The best first.
    package var candidates: [Candidate]
    /// Empty where the cell was given.
    package var lattices: [Cell]
    /// Of the best structure, with its proof; null where there is none.
    @ExplicitNull package var best: RecoverySummary?
    package var seconds: Double

    /// - Parameter version: of the program.
    package init(_ outcome: SolutionJob.Outcome, pattern: String, formula: String, version: String) {
        self.version = version
        (self.pattern, self.formula) = (pattern, formula)
        solved = outcome.isSolved
        (trouble, seconds) = (outcome.trouble, outcome.seconds)
        best = outcome.recovery.map { RecoverySummary($0, version: version) }
        candidates = outcome.candidates.enumerated().map { Candidate($1, number: $0 + 1) }
        margin = candidates.count > 1 ? candidates[1].rwp - candidates[0].rwp : nil
        lattices = outcome.lattices.map { candidate in
            let (l, g) = (candidate.lattice.lengths, candidate.lattice.angles)
            return Cell(
                lattice: candidate.cell.lattice.rawValue, cell: [l.x, l.y, l.z, g.x, g.y, g.z],
                probability: candidate.probability)
        }
    }

    /// One object over many lines, keys sorted.
    package func json() throws -> String { try JSONDialect.indented(self) }

    /// The candidates, ten at most.
    package var table: TextTable {
        TextTable(
            columns: [
                .init(""), .init("group"), .init("Z", alignment: .number),
                .init("V", unit: "Å³", alignment: .number),
                .init("occupied"), .init("Rwp", unit: "%", alignment: .number),
                .init("GoF", alignment: .number),
                .init("shortest contact", alignment: .number),
            ],
            rows: candidates.prefix(10).enumerated().map { rank, candidate in
                [
                    "\(rank + 1)", candidate.spaceGroup.symbol, "\(candidate.z)",
                    String(format: "%.1f", candidate.volume), candidate.occupation,
                    String(format: "%.2f", 100 * candidate.rwp),
                    candidate.gof.map { String(format: "%.2f", $0) } ?? "–",
                    String(format: "%.2f", candidate.contacts),
                ]
            })
    }
}

extension SolutionSummary.Candidate {
    fileprivate init(_ candidate: SolutionJob.Candidate, number: Int) {
        let structure = candidate.structure
        let statistics = candidate.result.statistics
        let hasExpectedR = statistics.gof.isFinite && statistics.rexp > 0
        self.init(
            cell: structure.latticeParameters.cell, spaceGroup: SpaceGroupRow(structure.spaceGroup),
            occupation: structure.occupation, z: candidate.units, rwp: statistics.rwp,
            gof: hasExpectedR ? statistics.gof : nil, energyPerAtom: nil,
            contacts: Contacts(structure).shortestShare,
            file: String(format: "candidates/%02d.cif", number))
    }

    fileprivate var volume: Double {
        Lattice(a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5]).volume
    }
}
