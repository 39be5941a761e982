import Foundation
import Matching
import Patterns
import Publishing

/// How alike two patterns or structures are: what `wyckoff compare` prints.
package struct ComparisonSummary: Codable, Sendable {
    package struct Grid: Codable, Sendable {
        /// Degrees 2θ.
        package var from: Double
        package var to: Double
        package var points: Int
        /// How the two were brought to it.
        package var how: String
    }

    package var files: [String]
    package var grid: Grid
    /// Measures whose larger value means more alike; null where one does not apply.
    package var similarities: [String: Double?]
    /// Measures whose best value is 0.
    package var distances: [String: Double?]
    /// Å and degrees: the cell at which the variable-cell measure is largest.
    @ExplicitNull package var variableCell: [String: Double]?
    /// Of two structures; null where one is a pattern.
    @ExplicitNull package var match: MatchSummary?
    private var order: [String] = []

    private enum CodingKeys: String, CodingKey {
        case files, grid, similarities, distances, variableCell, match
    }

    package init(files: [String], _ result: PatternComparison.Result, tolerances: MatchTolerances) {
        self.files = files
        let common = result.common
        grid = Grid(
            from: common.twoTheta.first ?? 0, to: common.twoTheta.last ?? 0, points: common.twoTheta.count,
            how: common.how)
        similarities = [:]
        distances = [:]
        for measured in result.values {
            let name = measured.metric.name
            if measured.metric.isSimilarity {
                similarities.updateValue(measured.value, forKey: name)
            } else {
                distances.updateValue(measured.value, forKey: name)
            }
            order.append(name)
        }
        variableCell =
            result.movedCell.isEmpty
            ? nil : Dictionary(uniqueKeysWithValues: result.movedCell.map { ($0.name, $0.value) })
        match =
            result.bothAreCrystals
            ? MatchSummary(files: files, result.match, tolerances: tolerances) : nil
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    package var text: String {
        var lines = [
            "\(files.joined(separator: ", "))",
            String(format: "%d points, %g–%g°: ", grid.points, grid.from, grid.to) + grid.how,
        ]
        let rows = order.map { name -> [String] in
            let isSimilarity = similarities.keys.contains(name)
            let value = (isSimilarity ? similarities[name] : distances[name]) ?? nil
            return [
                name, value.map { String(format: "%.6f", $0) } ?? "-",
                isSimilarity ? "1 is equal" : "0 is equal",
            ]
        }
        lines.append(TextTable.padded(["measure", "value", ""], rows))
        if let variableCell {
            let cell = variableCell.sorted { $0.key < $1.key }.map {
                "\($0.key) \(String(format: "%.5f", $0.value))"
            }
            lines.append("variable-cell at \(cell.joined(separator: ", "))")
        }
        if let match { lines.append("structures: \(match.verdict)") }
        return lines.joined(separator: "\n")
    }
}
