import ArgumentParser
import Foundation
import Landscape
import Wyckoff

/// `--range a=4.5:5.5`: where parameters of a structure are scanned or mapped.
enum ParameterRanges {
    /// - Parameters:
    ///   - axes: the names that a range may be of; the answer has these.
    ///   - along: as the user wrote them.
    static func parse(
        _ texts: [String], of axes: [String], along: String
    ) throws -> [String: ClosedRange<Double>] {
        var result: [String: ClosedRange<Double>] = [:]
        let typed = axes.map(Parameter.asciiName)
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            let ends = parts.count == 2 ? parts[1].split(separator: ":").map { Double($0) } : []
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < to, from.isFinite, to.isFinite
            else {
                throw ValidationError("--range takes a name and two numbers such as a=4.5:5.5, not '\(text)'")
            }
            let name = String(parts[0])
            guard let axis = typed.firstIndex(of: AxisName.meant(name, among: typed)) else {
                throw ValidationError("--range names '\(name)', which is no axis of --along \(along)")
            }
            result[axes[axis]] = from...to
        }
        return result
    }
}
