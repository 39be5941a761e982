import Crystallography
import Diffraction
import Foundation
import Jobs
import Publishing
import Refinement

/// What a refinement prints, and the pictures of its fits: of one pattern, or of several of one sample.
package struct RefinementReport: Sendable {
    let outcome: RefinementJob.Outcome
    /// Of the structures, in the order of the phases.
    let files: [String]
    let version: String
    /// As it was given; shown on the page.
    let command: String

    package init(
        _ outcome: RefinementJob.Outcome, files: [String], version: String = ReleaseVersion.text,
        command: String = ""
    ) {
        (self.outcome, self.files) = (outcome, files)
        (self.version, self.command) = (version, command)
    }

    /// One object, keys sorted.
    package func json() throws -> String {
        if let joint = jointSummary { return try joint.json() }
        return try summary.json()
    }

    package var text: String { jointSummary?.text ?? summary.text }

    var summary: RefinementSummary { RefinementSummary(outcome, files: files, version: version) }

    /// nil of one pattern.
    var jointSummary: JointRefinementSummary? {
        outcome.joint.map { JointRefinementSummary(outcome, $0, files: files, version: version) }
    }

    /// A picture or a table of each pattern; those that can be written are.
    ///
    /// - Parameter output: ends in .svg, .png or .tsv; of the second pattern `fit-2.svg`.
    /// - Returns: why others are missing.
    package func draw(to output: String) -> [any Error] {
        var failures: [any Error] = []
        for index in outcome.items.indices {
            do {
                try plot(ofPattern: index).write(to: Self.picture(index, of: output))
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

    func plot(ofPattern index: Int) throws -> FitPlot {
        let (item, result) = (outcome.items[index], outcome.parts[index])
        let measured = item.pattern
        let ends = (measured.twoTheta.first ?? 0)...(measured.twoTheta.last ?? 180)
        let reflections = try PowderCalculation(result.model, twoTheta: measured.twoTheta).reflections
            .filter { $0.twoTheta.map(ends.contains) ?? false }
        var plot = FitPlot(
            title: measured.title.isEmpty
                ? URL(fileURLWithPath: item.name).lastPathComponent : measured.title,
            twoTheta: measured.twoTheta,
            observed: measured.intensity, calculated: result.calculated, background: result.background,
            phases: files.indices.map { phase in
                let own = reflections.filter { $0.phase == phase }
                return FitPlot.Phase(
                    name: stem(ofPhase: phase), positions: own.compactMap(\.twoTheta),
                    labels: own.map { "\($0.index.x) \($0.index.y) \($0.index.z)" })
            }, excluded: item.excluded)
        if measured.weighting.hasExpectedR {
            plot.sigma = item.weights.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
        }
        return plot
    }

    /// The file's name without its ending.
    func stem(ofPhase phase: Int) -> String {
        URL(fileURLWithPath: files[phase]).deletingPathExtension().lastPathComponent
    }
}
