import CrystalFiles
import Crystallography
import Foundation
import Patterns
import Publishing
import Refinement

/// A refinement of known structures: what `wyckoff refine` prints.
package struct RefinementSummary: Codable, Sendable {
    package struct Row: Codable, Sendable {
        package var name: String
        package var value: Double
        /// One standard uncertainty; null where the data do not determine the parameter.
        @ExplicitNull package var uncertainty: Double?
        package var unit: String

        init(_ refined: RietveldRefinement.Refined) {
            name = refined.parameter.name
            value = refined.parameter.value
            uncertainty = refined.uncertainty
            unit = refined.parameter.unit
        }

        static let heads = ["parameter", "value", "unit"]
        var cells: [String] { [name, MeasuredValue(value, uncertainty: uncertainty).shortText, unit] }
    }

    package var pattern: String
    package var files: [String]
    /// Degrees 2θ.
    package var range: [Double]
    package var excluded: [[Double]]
    /// Points with weight.
    package var points: Int
    package var parameters: [Row]
    /// R factors are fractions; background counts.
    package var rwp: Double
    package var rwpBackgroundSubtracted: Double
    package var rexp: Double
    package var gof: Double
    package var iterations: Int
    package var converged: Bool
    /// What the fit is worth, clause by clause; the exit status follows it.
    package var verdict: [VerdictClause]

    package init(
        pattern: String, files: [String], measured: PowderPattern, excluded: [ClosedRange<Double>],
        _ result: RietveldRefinement.Result, verdict: FitVerdict
    ) {
        self.verdict = verdict.clauses
        self.pattern = pattern
        self.files = files
        range = [measured.twoTheta.first ?? 0, measured.twoTheta.last ?? 0]
        self.excluded = excluded.map { [$0.lowerBound, $0.upperBound] }
        points = result.statistics.points
        parameters = result.refined.map { Row($0) }
        rwp = result.statistics.rwp
        rwpBackgroundSubtracted = result.statistics.rwpBackgroundSubtracted
        let hasExpectedR = measured.weighting.hasExpectedR
        rexp = hasExpectedR ? result.statistics.rexp : .nan
        gof = hasExpectedR ? result.statistics.gof : .nan
        iterations = result.iterations
        converged = result.converged
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    package var text: String {
        func percent(_ value: Double) -> String {
            value.isFinite ? String(format: "%.2f %%", 100 * value) : "–"
        }
        return """
            \(pattern): \(files.joined(separator: ", ")), \(points) points, \(parameters.count) parameters
            \(TextTable.padded(Row.heads, parameters.map(\.cells)))
            Rwp \(percent(rwp))  without background \(percent(rwpBackgroundSubtracted))  Rexp \(percent(rexp))  \
            GoF \(gof.isFinite ? String(format: "%.2f", gof) : "–")
            \(verdict.marked.joined(separator: "\n"))
            """
    }
}
