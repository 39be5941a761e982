import CrystalFiles
import Crystallography
import Foundation
import Patterns
import Publishing
import Refinement

/// A refinement of known structures against several patterns: what `wyckoff refine --with` prints.
public struct JointRefinementSummary: Codable, Sendable {
    public struct PatternRow: Codable, Sendable {
        public var file: String
        /// Its name before its parameters'.
        public var name: String
        /// `xray` or `neutron`.
        public var radiation: String
        /// Of the first line, Å.
        public var wavelength: Double
        /// Degrees 2θ.
        public var range: [Double]
        public var excluded: [[Double]]
        /// Points with weight.
        public var points: Int
        /// R factors are fractions; background counts.
        public var rwp: Double
        public var rwpBackgroundSubtracted: Double
        public var rexp: Double
        public var gof: Double
    }

    public var files: [String]
    public var patterns: [PatternRow]
    public var parameters: [RefinementSummary.Row]
    /// Of all patterns together, each point by its own weight.
    public var rwp: Double
    public var rwpBackgroundSubtracted: Double
    public var rexp: Double
    public var gof: Double
    public var points: Int
    public var iterations: Int
    public var converged: Bool
    /// What the fit is worth, clause by clause; the exit status follows it.
    public var verdict: [VerdictClause]

    public init(
        patterns: [String], files: [String], measured: [PowderPattern], excluded: [[ClosedRange<Double>]],
        _ result: JointRefinement.Result, verdict: FitVerdict
    ) {
        self.verdict = verdict.clauses
        self.files = files
        self.patterns = result.parts.enumerated().map { index, part in
            let radiation = part.model.instrument.radiation
            return PatternRow(
                file: patterns[index], name: JointPatternRefinement.name(index),
                radiation: radiation.probe.rawValue, wavelength: radiation.wavelength,
                range: [measured[index].twoTheta.first ?? 0, measured[index].twoTheta.last ?? 0],
                excluded: excluded[index].map { [$0.lowerBound, $0.upperBound] },
                points: part.statistics.points, rwp: part.statistics.rwp,
                rwpBackgroundSubtracted: part.statistics.rwpBackgroundSubtracted,
                rexp: measured[index].weighting.hasExpectedR ? part.statistics.rexp : .nan,
                gof: measured[index].weighting.hasExpectedR ? part.statistics.gof : .nan)
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
    public func json() throws -> String { try JSONDialect.line(self) }

    public var text: String {
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
            \(TextTable.padded(RefinementSummary.Row.heads, parameters.map(\.cells)))
            \(TextTable.padded(heads, fits))
            \(verdict.marked.joined(separator: "\n"))
            """
    }
}
