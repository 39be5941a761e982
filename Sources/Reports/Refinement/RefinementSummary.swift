import CrystalFiles
import Crystallography
import Foundation
import Jobs
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
        /// Whether it stopped at the end of its range, which χ² presses against.
        package var isAtBound: Bool

        init(_ refined: RietveldRefinement.Refined) {
            name = refined.parameter.name
            value = refined.parameter.value
            uncertainty = refined.uncertainty
            unit = refined.unit
            isAtBound = refined.isAtBound
        }

        static let heads = ["parameter", "value", "unit", ""]
        var cells: [String] {
            [name, MeasuredValue(value, uncertainty: uncertainty).shortText, unit, remark]
        }

        /// Why there is no uncertainty; empty where there is one.
        var remark: String {
            if isAtBound { return "at the end of its range" }
            return uncertainty == nil ? "not determined" : ""
        }
    }

    /// Above this a correlation is said.
    package static let strongCorrelation = 0.9
    /// So many of them are printed; the JSON has all.
    private static let printedCorrelations = 12

    package var version: String
    package var pattern: String
    package var files: [String]
    /// Degrees 2θ.
    package var range: [Double]
    package var excluded: [[Double]]
    /// Points with weight.
    package var points: Int
    package var parameters: [Row]
    /// Pairs of parameters with a correlation above 0.9, the strongest first.
    package var correlations: [ParameterCovariance.Correlation]
    /// What was held beside the pattern; empty of several patterns.
    package var restraints: [RestraintRow]
    /// Rigid groups; empty of several patterns.
    package var rigid: [RigidRow]
    /// In the order of the files.
    package var phases: [RefinedPhaseRow]
    /// R factors are fractions; background counts.
    package var rwp: Double
    package var rwpBackgroundSubtracted: Double
    package var rexp: Double
    package var gof: Double
    /// 2 where residuals are independent, less where neighbours run together.
    package var durbinWatson: Double
    package var iterations: Int
    package var converged: Bool
    /// What the fit is worth, clause by clause; the exit status follows it.
    package var verdict: [VerdictClause]

    /// - Parameter outcome: of one pattern.
    package init(_ outcome: RefinementJob.Outcome, files: [String], version: String = ReleaseVersion.text) {
        let (item, result) = (outcome.items[0], outcome.parts[0])
        let measured = item.pattern
        self.version = version
        verdict = outcome.verdict.clauses
        pattern = item.name
        self.files = files
        range = [measured.twoTheta.first ?? 0, measured.twoTheta.last ?? 0]
        excluded = item.excluded.map { [$0.lowerBound, $0.upperBound] }
        points = result.statistics.points
        parameters = result.refined.map { Row($0) }
        let refined = Set(result.refined.map(\.parameter.name))
        // What follows from a rigid group is correlated with it by its nature.
        correlations = result.covariance.correlations(above: Self.strongCorrelation)
            .filter { refined.contains($0.first) && refined.contains($0.second) }
        restraints = result.restraints.map { RestraintRow($0) }
        rigid = result.rigid.map { RigidRow($0) }
        phases = files.indices.map { RefinedPhaseRow(outcome, phase: $0, file: files[$0]) }
        rwp = result.statistics.rwp
        rwpBackgroundSubtracted = result.statistics.rwpBackgroundSubtracted
        let hasExpectedR = measured.weighting.hasExpectedR
        rexp = hasExpectedR ? result.statistics.rexp : .nan
        gof = hasExpectedR ? result.statistics.gof : .nan
        durbinWatson = Self.correlation(item, result).durbinWatson
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
            \(TextTable.padded(Row.heads, parameters.map(\.cells)))\(Self.correlationText(correlations))\(RigidRow.text(rigid))\(RestraintRow.text(restraints))
            \(RefinedPhaseRow.table(phases.map { ($0, $0.fit) }).aligned.joined(separator: "\n"))
            Rwp \(percent(rwp))  without background \(percent(rwpBackgroundSubtracted))  Rexp \(percent(rexp))  \
            GoF \(gof.isFinite ? String(format: "%.2f", gof) : "–")
            \(residualSentence)
            \(verdict.marked.joined(separator: "\n"))
            """
    }

    static func correlation(_ item: RefinementJob.Item, _ result: RietveldRefinement.Result)
        -> SerialCorrelation
    {
        SerialCorrelation(
            observed: item.pattern.intensity, calculated: result.calculated, weights: item.weights)
    }

    /// What Durbin and Watson's number says, against the limits of Hill & Flack (J. Appl. Cryst. 20 (1987) 356) at 0.1 %.
    private var residualSentence: String {
        let number = "Durbin–Watson " + (durbinWatson.isFinite ? String(format: "%.2f", durbinWatson) : "–")
        let (n, p) = (Double(points), Double(parameters.count))
        guard durbinWatson.isFinite, n > p + 1 else { return number }
        let limit = 2 * ((n - 1) / (n - p) - 3.0902 / (n + 2).squareRoot())
        if durbinWatson < limit {
            return number
                + ": neighbouring residuals run together (profile or background), uncertainties are too small"
        }
        return number
            + (durbinWatson > 4 - limit
                ? ": neighbouring residuals alternate" : ": residuals are independent")
    }

    /// A line that begins with a line's end; empty where nothing is correlated.
    static func correlationText(_ correlations: [ParameterCovariance.Correlation]) -> String {
        guard !correlations.isEmpty else { return "" }
        let named = correlations.prefix(printedCorrelations).map {
            "\($0.first)–\($0.second) \(String(format: "%.2f", $0.value))"
        }
        let more = correlations.count - named.count
        return "\ncorrelated above \(strongCorrelation): " + named.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "")
    }
}
