import Crystallography
import ExtinctionSymbols
import Foundation
import Jobs
import NumericalMethods
import Publishing
import Symmetry

/// The extinction symbols of a pattern: what `wyckoff groups` prints and writes as groups.json.
package struct GroupsSummary: Encodable, Sendable {
    package struct Cell: Encodable, Sendable {
        /// Å and degrees.
        package var a, b, c, alpha, beta, gamma: Double
    }

    package struct Line: Encodable, Sendable {
        package var h, k, l: Int
        /// Reflections that stand too near to be told apart from it.
        package var others: [[Int]]
        /// Reflections in it, Friedel mates included.
        package var multiplicity: Int
        /// Degrees.
        package var twoTheta: Double
        /// Integrated, in the pattern's unit times degrees, overlap taken into account, with its uncertainty.
        package var intensity, sigma: Double
        /// Natural logarithm: above zero where the line looks absent.
        package var absenceOdds: Double
    }

    package struct Evidence: Encodable, Sendable {
        package var zone: String
        package var condition: String
        /// Sum of its lines' odds: above zero where they look absent.
        package var absenceOdds: Double
        /// Places in `lines`, from 0, of those that it forbids.
        package var lines: [Int]
        /// Of these, those that are there at three standard uncertainties or more.
        package var against: [Int]
    }

    package struct Symbol: Encodable, Sendable {
        package var symbol: String
        /// As other Laue classes write it.
        package var otherSymbols: [String]
        package var centring: String
        package var probability: Double
        /// Natural, 0 for the best.
        package var logLikelihood: Double
        package var spaceGroups: [SpaceGroupRow]
        /// Of the first symbols.
        package var conditions: [Evidence]
        /// How many lines of the pattern it forbids.
        package var absentLines: Int
    }

    package var pattern: String
    package var family: String
    package var centrings: [String]
    /// As given.
    package var cell: Cell
    /// After the fit with free intensities.
    package var refinedCell: Cell
    package var radiation: String
    /// Å.
    package var wavelength: Double
    /// Degrees 2θ of the lines that were used.
    package var range: [Double]
    /// Of the net pattern: what free intensities leave.
    package var rwp: Double
    /// Whether the first symbol has at least 0.9.
    package var decided: Bool
    package var symbols: [Symbol]
    package var lines: [Line]
    package var settings: ExtinctionSettings
    package var warnings: [String]
    package var seconds: Double

    package init(_ outcome: GroupsJob.Outcome, pattern: String) {
        let ranking = outcome.ranking
        self.pattern = pattern
        family = outcome.axes.family.rawValue
        centrings = outcome.axes.centrings.map(\.rawValue)
        cell = Self.cell(outcome.axes.cell)
        refinedCell = Self.cell(ranking.lattice.lattice)
        radiation = outcome.radiation.probe.rawValue
        wavelength = outcome.radiation.wavelength
        range = [outcome.pattern.twoTheta.first ?? 0, ranking.lines.last?.line.twoTheta ?? 0]
        rwp = ranking.rwp
        decided = outcome.isDecided
        symbols = ranking.entries.map { Self.symbol($0, ranking.lines) }
        lines = ranking.lines.map { line in
            let h = line.line.index
            return Line(
                h: h.x, k: h.y, l: h.z, others: line.line.others.map { [$0.x, $0.y, $0.z] },
                multiplicity: line.line.multiplicity, twoTheta: line.line.twoTheta,
                intensity: line.intensity, sigma: line.sigma, absenceOdds: line.absenceOdds)
        }
        settings = outcome.settings
        warnings = outcome.warnings
        seconds = outcome.seconds
    }

    private static func cell(_ lattice: Lattice) -> Cell {
        let (l, a) = (lattice.lengths, lattice.angles)
        return Cell(a: l.x, b: l.y, c: l.z, alpha: a.x, beta: a.y, gamma: a.z)
    }

    /// Standard uncertainties from which on a forbidden line speaks against a symbol.
    private static let presentFrom = 3.0

    private static func symbol(_ entry: ExtinctionRanking.Entry, _ lines: [ExtinctionRanking.Line]) -> Symbol
    {
        Symbol(
            symbol: entry.symbol.text, otherSymbols: entry.symbol.otherTexts,
            centring: entry.symbol.centring.rawValue, probability: entry.probability,
            logLikelihood: entry.logLikelihood,
            spaceGroups: entry.symbol.spaceGroups.map { SpaceGroupRow($0) },
            conditions: entry.evidence.map { evidence in
                Evidence(
                    zone: evidence.condition.zone, condition: evidence.condition.condition,
                    absenceOdds: evidence.absenceOdds, lines: evidence.lines,
                    against: evidence.lines.filter {
                        lines[$0].intensity >= presentFrom * lines[$0].sigma
                    })
            }, absentLines: entry.absentLines.count)
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    /// The first symbols with their groups; then what the first one rests on.
    package var text: String {
        let shown = symbols.filter { $0.probability >= 0.001 }.prefix(8)
        var lines = [
            "\(pattern): \(family), \(centrings.joined(separator: " ")); \(self.lines.count) lines, free intensities leave "
                + String(format: "%.2f %%", 100 * rwp) + " of the net pattern",
            symbolTable(Array(shown.isEmpty ? symbols.prefix(3) : shown)).padded,
        ]
        if let best = symbols.first {
            lines.append(
                best.conditions.isEmpty ? "\(best.symbol) forbids no line" : conditionTable(best).padded)
        }
        lines += warnings.map { "note: \($0)" }
        lines.append(decided ? "decided: \(symbols.first?.symbol ?? "")" : "NOT decided: no symbol has 0.9")
        return lines.joined(separator: "\n")
    }

    /// The symbols with probability and groups.
    package func symbolTable(_ symbols: [Symbol]) -> TextTable {
        TextTable(
            columns: [
                .init("symbol"), .init("probability", alignment: .number), .init("log L", alignment: .number),
                .init("absent", alignment: .number), .init("space groups"),
            ],
            rows: symbols.map { symbol in
                let groups = symbol.spaceGroups.map { "\($0.compactSymbol) (\($0.number))" }
                return [
                    symbol.symbol, String(format: "%.4f", symbol.probability),
                    String(format: "%.1f", symbol.logLikelihood), "\(symbol.absentLines)",
                    groups.joined(separator: ", "),
                ]
            })
    }

    /// The conditions of a symbol with what speaks for and against each.
    package func conditionTable(_ symbol: Symbol) -> TextTable {
        TextTable(
            columns: [
                .init("condition"), .init("forbidden lines", alignment: .number),
                .init("log odds", alignment: .number), .init("strongest of them"),
            ],
            rows: symbol.conditions.map { evidence in
                [
                    "\(evidence.zone): \(evidence.condition)", "\(evidence.lines.count)",
                    String(format: "%.1f", evidence.absenceOdds), strongest(evidence),
                ]
            })
    }

    private func strongest(_ evidence: Evidence) -> String {
        let sorted = evidence.lines.filter { lines[$0].sigma > 0 }.sorted {
            lines[$0].intensity / lines[$0].sigma > lines[$1].intensity / lines[$1].sigma
        }
        return sorted.prefix(3).map { index in
            let line = lines[index]
            return "\(line.h) \(line.k) \(line.l) " + String(format: "%.1f σ", line.intensity / line.sigma)
        }.joined(separator: ", ")
    }
}
