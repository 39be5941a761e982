import CrystalFiles
import Crystallography
import Foundation
import Jobs
import Patterns
import Publishing
import Refinement

/// A refinement of known structures against several patterns: what `wyckoff refine --with` prints.
package struct JointRefinementSummary: Codable, Sendable {
    package struct PatternRow: Codable, Sendable {
        package var file: String
        /// Its name before its parameters'.
        package var name: String
        /// `xray` or `neutron`.
        package var radiation: String
        /// Of the first line, Å.
        package var wavelength: Double
        /// Degrees 2θ.
        package var range: [Double]
        package var excluded: [[Double]]
        /// Points with weight.
        package var points: Int
        /// R factors are fractions; background counts.
        package var rwp: Double
        package var rwpBackgroundSubtracted: Double
        package var rexp: Double
        package var gof: Double
        /// As this pattern sees the phases.
        package var phases: [RefinedPhaseFit]
    }

    package var version: String
    package var files: [String]
    package var patterns: [PatternRow]
    package var parameters: [RefinementSummary.Row]
    /// Pairs of parameters with a correlation above 0.9, the strongest first.
    package var correlations: [ParameterCovariance.Correlation]
    /// What was held beside the patterns.
    package var restraints: [RestraintRow]
    /// In the order of the files; what a pattern says of them is the first pattern's.
    package var phases: [RefinedPhaseRow]
    /// Of all patterns together, each point by its own weight.
    package var rwp: Double
    package var rwpBackgroundSubtracted: Double
    package var rexp: Double
    package var gof: Double
    package var points: Int
    package var iterations: Int
    package var converged: Bool
    /// What the fit is worth, clause by clause; the exit status follows it.
    package var verdict: [VerdictClause]

    /// - Parameter outcome: of several patterns.
    package init(
        _ outcome: RefinementJob.Outcome, _ result: JointRefinement.Result, files: [String],
        version: String = ReleaseVersion.text
    ) {
        let measured = outcome.items.map(\.pattern)
        self.version = version
        verdict = outcome.verdict.clauses
        self.files = files
        correlations = result.covariance.correlations(above: RefinementSummary.strongCorrelation)
        restraints = result.restraints.map { RestraintRow($0) }
        phases = files.indices.map { RefinedPhaseRow(outcome, phase: $0, file: files[$0]) }
        self.patterns = result.parts.enumerated().map { index, part in
            let radiation = part.model.instrument.radiation
            return PatternRow(
                file: outcome.items[index].name, name: JointPatternRefinement.name(index),
                radiation: radiation.probe.rawValue, wavelength: radiation.wavelength,
                range: [measured[index].twoTheta.first ?? 0, measured[index].twoTheta.last ?? 0],
                excluded: outcome.items[index].excluded.map { [$0.lowerBound, $0.upperBound] },
                points: part.statistics.points, rwp: part.statistics.rwp,
                rwpBackgroundSubtracted: part.statistics.rwpBackgroundSubtracted,
                rexp: measured[index].weighting.hasExpectedR ? part.statistics.rexp : .nan,
                gof: measured[index].weighting.hasExpectedR ? part.statistics.gof : .nan,
                phases: files.indices.map { RefinedPhaseFit(outcome, pattern: index, phase: $0) })
        }
        parameters = result.refined.map { RefinementSummary.Row($0) }
        rwp = result.statistics.rwp
        rwpBackgroundSubtracted = result.statistics.rwpBackgroundSubtracted
        let hasExpectedR = measured.allSatisfy(\.weighting.hasExpectedR)
        rexp = hasExpectedR ? result.statistics.rexp : .nan
        gof = hasExpectedR ? result.statistics.gof : .nan
        points = result.statistics.points
        iterations = result.iterations
        converged = result.converged
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    package var text: String {
        func percent(_ value: Double) -> String {
            value.isFinite ? String(format: "%.2f %%", 100 * value) : "–"
        }
        func decimal(_ value: Double) -> String { value.isFinite ? String(format: "%.2f", value) : "–" }
        let fits =
            patterns.map {
                [
                    $0.name, $0.file, $0.radiation, percent($0.rwp), percent($0.rwpBackgroundSubtracted),
                    percent($0.rexp), decimal($0.gof), "\($0.points)",
                ]
            } + [
                [
                    "together", "", "", percent(rwp), percent(rwpBackgroundSubtracted), percent(rexp),
                    decimal(gof), "\(points)",
                ]
            ]
        let heads = ["", "file", "radiation", "Rwp", "without background", "Rexp", "GoF", "points"]
        return """
            \(files.joined(separator: ", ")): \(patterns.count) patterns, \(parameters.count) parameters
            \(TextTable.padded(RefinementSummary.Row.heads, parameters.map(\.cells)))\(RefinementSummary.correlationText(correlations))\(RestraintRow.text(restraints))
            \(phaseTables)
            \(TextTable.padded(heads, fits))
            \(verdict.marked.joined(separator: "\n"))
            """
    }

    /// The phases as each pattern sees them, below its name.
    private var phaseTables: String {
        patterns.map { pattern in
            let rows = Array(zip(phases, pattern.phases)).map { (phase: $0.0, fit: $0.1) }
            return ([pattern.name] + RefinedPhaseRow.table(rows).aligned).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
