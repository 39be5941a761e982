import Crystallography
import Foundation
import Indexing
import Jobs
import Publishing

/// What `index` says: lines and cells, best first.
package struct IndexSummary: Encodable {
    /// A line of the pattern; angles in degrees 2θ.
    package struct Line: Encodable {
        package var twoTheta: Double?
        package var sigma: Double
        package var d: Double
        package var intensity: Double?
        package var probability: Double
    }

    /// A lattice; lengths in Å, angles and zero in degrees, volume in Å³, Rwp as a fraction.
    package struct Cell: Encodable {
        package var lattice: String
        package var a, b, c, alpha, beta, gamma: Double
        package var volume: Double
        package var z: Int?
        package var zero: Double
        package var m20: Double
        package var fn: Double?
        package var rwp: Double?
        /// d in Å of lines that it leaves unexplained.
        package var unexplained: [Double]
        /// Share of predicted lines that were not observed.
        package var absent: Double
        package var score: Double
        package var probability: Double
        /// Lattices of the list whose volumes stand in a small ratio to this one's, a sentence for each ratio.
        package var relatives: [String]
    }

    /// A phase that was known beforehand; lengths in Å, angles in degrees.
    package struct Known: Encodable {
        package var file: String
        package var cell: [Double]
        /// Of the net intensity.
        package var share: Double
        /// Degrees 2θ of lines that are its own: they are no evidence.
        package var lines: [Double]

        init(_ known: IndexJob.Known) {
            let (l, g) = (known.lattice.lengths, known.lattice.angles)
            (file, cell) = (known.name, [l.x, l.y, l.z, g.x, g.y, g.z])
            (share, lines) = (known.share, known.lines)
        }

        var sentence: String {
            let angles = lines.map { String(format: "%.2f", $0) }.joined(separator: ", ")
            let given = String(format: "%@ gives %.0f %% of the intensity", file, 100 * share)
            return lines.isEmpty
                ? "\(given); no line is its own"
                : "\(given); left out as its own: \(lines.count) line\(lines.count == 1 ? "" : "s"), 2θ = \(angles)°"
        }
    }

    package var file: String
    package var formula: String?
    /// Empty where none was given.
    package var known: [Known]
    package var wavelength: Double?
    package var lines: [Line]
    package var cells: [Cell]
    /// Whether every clause holds.
    package var decided: Bool
    /// What the first lattice was asked.
    package var clauses: [VerdictClause]
    package var seconds: Double

    package init(file: String, formula: String?, _ outcome: IndexJob.Outcome) {
        self.file = file
        self.formula = formula
        known = outcome.known.map(Known.init)
        wavelength = outcome.wavelength
        lines = outcome.lines.map {
            Line(
                twoTheta: $0.twoTheta, sigma: $0.sigma, d: 1 / $0.q.squareRoot(), intensity: $0.intensity,
                probability: $0.probability)
        }
        let ascending = outcome.lines.sorted { $0.q < $1.q }
        let shown = Array(outcome.candidates.prefix(Self.most))
        cells = shown.enumerated().map { rank, candidate in
            let (l, g) = (candidate.lattice.lengths, candidate.lattice.angles)
            return Cell(
                lattice: candidate.cell.lattice.rawValue, a: l.x, b: l.y, c: l.z, alpha: g.x, beta: g.y,
                gamma: g.z, volume: candidate.lattice.volume, z: candidate.z, zero: candidate.zero,
                m20: candidate.cell.figures.m, fn: candidate.cell.figures.f, rwp: candidate.rwp,
                unexplained: candidate.cell.unexplained.map { 1 / ascending[$0].q.squareRoot() },
                absent: candidate.cell.figures.absentShare, score: candidate.score,
                probability: candidate.probability,
                relatives: Self.relatives(of: rank, among: shown.map(\.cell)))
        }
        (decided, clauses) = (outcome.verdict.isDecided, outcome.verdict.clauses)
        seconds = outcome.seconds
    }

    /// Cells that are listed.
    private static let most = 20

    /// Whose volumes stand in a small ratio to a cell's: a sentence for each ratio.
    private static func relatives(of rank: Int, among cells: [IndexedCell]) -> [String] {
        let ratios: [(value: Double, text: String)] = [
            (1, "the volume"), (2, "2 times the volume"), (3, "3 times the volume"),
            (4, "4 times the volume"),
            (0.5, "1/2 of the volume"), (1.0 / 3, "1/3 of the volume"), (0.25, "1/4 of the volume"),
        ]
        return ratios.compactMap { ratio in
            let numbers = cells.indices.filter { other in
                let share = cells[other].primitiveVolume / cells[rank].primitiveVolume
                return other != rank && abs(share / ratio.value - 1) < Self.equalVolumes
            }
            guard !numbers.isEmpty else { return nil }
            return "\(ratio.text): \(numbers.map { "\($0 + 1)" }.joined(separator: ", "))"
        }
    }

    /// A share, within which two volumes are one.
    private static let equalVolumes = 0.01

    /// One object.
    package func json() throws -> String { try JSONDialect.indented(self) }

    /// For people: the best ten, and what there is to say of the first.
    package func text() -> String {
        guard !cells.isEmpty else {
            let none =
                "\(lines.count) lines; no lattice explains them: widen the range, check the wavelength, or give --lines"
            return ([none] + known.map(\.sentence)).joined(separator: "\n")
        }
        return ([table.padded] + clauses.marked + sentences).joined(separator: "\n")
    }

    /// The best ten.
    package var table: TextTable {
        let headings: [(String, String)] = [
            ("", ""), ("lattice", ""), ("a", "Å"), ("b", "Å"), ("c", "Å"), ("α", "°"), ("β", "°"), ("γ", "°"),
            ("V", "Å³"), ("Z", ""), ("zero", "°"), ("M", ""), ("F", ""), ("Rwp", "%"), ("P", ""),
        ]
        return TextTable(
            columns: headings.map { name, unit in
                TextTable.Column(name, unit: unit, alignment: name == "lattice" ? .left : .number)
            },
            rows: cells.prefix(10).enumerated().map { Self.row($0 + 1, $1) })
    }

    private static func row(_ rank: Int, _ cell: Cell) -> [String] {
        func number(_ value: Double?, _ places: Int) -> String {
            value.map { String(format: "%.\(places)f", $0) } ?? "–"
        }
        return [
            "\(rank)", cell.lattice, number(cell.a, 4), number(cell.b, 4), number(cell.c, 4),
            number(cell.alpha, 2), number(cell.beta, 2), number(cell.gamma, 2), number(cell.volume, 2),
            cell.z.map(String.init) ?? "–", number(cell.zero, 3), number(min(cell.m20, 9999), 1),
            number(cell.fn.map { min($0, 9999) }, 1), number(cell.rwp.map { 100 * $0 }, 2),
            number(cell.probability, 2),
        ]
    }

    /// What the first lattice leaves unexplained, and what stands beside it.
    package var sentences: [String] {
        var sentences = known.map(\.sentence)
        guard let best = cells.first else { return sentences }
        if !best.unexplained.isEmpty {
            let list = best.unexplained.map { String(format: "%.4f", $0) }.joined(separator: ", ")
            sentences.append("the first leaves unexplained: d = \(list) Å")
        }
        return sentences + best.relatives.map { "lattices with \($0)" }
    }

    /// The lines with their uncertainties.
    package var lineTable: TextTable {
        TextTable(
            columns: [
                .init("2θ", unit: "°", alignment: .number), .init("σ", unit: "°", alignment: .number),
                .init("d", unit: "Å", alignment: .number), .init("intensity", alignment: .number),
                .init("P", alignment: .number),
            ],
            rows: lines.map { line in
                [
                    line.twoTheta.map { String(format: "%.4f", $0) } ?? "–",
                    String(format: "%.4f", line.sigma), String(format: "%.5f", line.d),
                    line.intensity.map { String(format: "%.1f", $0) } ?? "–",
                    String(format: "%.3f", line.probability),
                ]
            })
    }
}
