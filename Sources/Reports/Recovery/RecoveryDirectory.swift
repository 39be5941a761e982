import CrystalFiles
import Foundation
import Jobs
import Publishing
import Recovery
import Refinement

extension RecoveryReport {
    /// The report of an outcome: observed, calculated, difference, tick marks.
    package init(_ outcome: RecoveryOutcome, version: String, command: String) {
        let name = outcome.structure.spaceGroup.symbol
        let plots = outcome.fits.map { fit -> FitPlot in
            let pattern = fit.pattern
            let ends = (pattern.twoTheta.first ?? 0)...(pattern.twoTheta.last ?? 180)
            let visible = fit.reflections.filter { $0.twoTheta.map(ends.contains) ?? false }
            var plot = FitPlot(
                title: URL(fileURLWithPath: fit.file).lastPathComponent, twoTheta: pattern.twoTheta,
                observed: pattern.intensity, calculated: fit.refinement.calculated,
                background: fit.refinement.background,
                phases: ([name] + outcome.phases.dropFirst().map(\.structure.spaceGroup.symbol)).enumerated()
                    .map {
                        number, name in
                        let own = visible.filter { $0.phase == number }
                        return .init(
                            name: name, positions: own.compactMap(\.twoTheta),
                            labels: own.map { "\($0.index.x) \($0.index.y) \($0.index.z)" })
                    }, excluded: fit.excluded)
            if pattern.weighting.hasExpectedR {
                plot.sigma = pattern.weights(excluding: fit.excluded).map {
                    $0 > 0 ? 1 / $0.squareRoot() : 0
                }
            }
            return plot
        }
        self.init(RecoverySummary(outcome, version: version), fit: plots[0], command: command)
        furtherFits = Array(plots.dropFirst())
        structure = outcome.structure
    }

    /// Everything of a recovery: the report's files, recovered.cif and summary.json; the folder is made.
    ///
    /// - Returns: why pictures are missing.
    @discardableResult
    package func write(_ outcome: RecoveryOutcome, to folder: URL) throws -> [String] {
        _ = try AtomicFile.directory(folder.path)
        try AtomicFile.write(
            CIFFile.serialise(SymmetricCIF(outcome, summary)),
            to: folder.appendingPathComponent("recovered.cif"))
        try AtomicFile.write(
            try summary.json() + "\n", to: folder.appendingPathComponent("summary.json"))
        return try write(to: folder)
    }
}
