import Crystallography
import Diffraction
import Foundation
import Jobs
import Refinement

/// What a refinement prints, and the pictures of its fits: of one pattern, or of several of one sample.
package struct RefinementReport: Sendable {
    private let outcome: RefinementJob.Outcome
    /// Of the structures, in the order of the phases.
    private let files: [String]

    package init(_ outcome: RefinementJob.Outcome, files: [String]) {
        (self.outcome, self.files) = (outcome, files)
    }

    /// One object, keys sorted.
    package func json() throws -> String {
        if let joint = outcome.joint { return try summary(joint).json() }
        return try summary.json()
    }

    package var text: String {
        if let joint = outcome.joint { return summary(joint).text }
        return summary.text
    }

    private var summary: RefinementSummary {
        let item = outcome.items[0]
        return RefinementSummary(
            pattern: item.name, files: files, measured: item.pattern, excluded: item.excluded,
            outcome.parts[0], verdict: outcome.verdict)
    }

    private func summary(_ joint: JointRefinement.Result) -> JointRefinementSummary {
        let items = outcome.items
        return JointRefinementSummary(
            patterns: items.map(\.name), files: files, measured: items.map(\.pattern),
            excluded: items.map(\.excluded), joint, verdict: outcome.verdict)
    }

    /// A picture or a table of each pattern; those that can be written are.
    ///
    /// - Parameter output: ends in .svg, .png or .tsv; of the second pattern `fit-2.svg`.
    /// - Returns: why others are missing.
    package func draw(to output: String) -> [any Error] {
        var failures: [any Error] = []
        for (index, (item, part)) in zip(outcome.items, outcome.parts).enumerated() {
            do {
                try plot(of: item, part).write(to: Self.picture(index, of: output))
            } catch {
                failures.append(error)
            }
        }
        return failures
    }

    static func picture(_ index: Int, of output: String) -> URL {
        let url = URL(fileURLWithPath: output)
        let stem = url.deletingPathExtension().lastPathComponent
        return url.deletingLastPathComponent().appendingPathComponent(
            index == 0 ? url.lastPathComponent : "\(stem)-\(index + 1).\(url.pathExtension)")
    }

    private func plot(of item: RefinementJob.Item, _ result: RietveldRefinement.Result) throws -> FitPlot {
        let measured = item.pattern
        let reflections = try PowderCalculation(result.model, twoTheta: measured.twoTheta).reflections
        return FitPlot(
            title: measured.title.isEmpty ? item.name : measured.title, twoTheta: measured.twoTheta,
            observed: measured.intensity, calculated: result.calculated, background: result.background,
            phases: files.indices.map { phase in
                FitPlot.Phase(
                    name: URL(fileURLWithPath: files[phase]).deletingPathExtension().lastPathComponent,
                    positions: reflections.filter { $0.phase == phase }.compactMap(\.twoTheta))
            }, excluded: item.excluded)
    }
}
