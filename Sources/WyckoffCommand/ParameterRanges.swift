import ArgumentParser
import Foundation
import Wyckoff

/// `--range a=4.5:5.5`: where parameters of a structure are scanned or mapped.
enum ParameterRanges {
    /// A cell is scanned from a tenth to ten times its length: farther lies no neighbour of the truth, and thousands of
    /// times as many reflections.
    private static let lengths = 0.1...10.0
    /// Degrees.
    private static let angles = 1.0...179.0

    static func parse(_ texts: [String]) throws -> [String: ClosedRange<Double>] {
        var result: [String: ClosedRange<Double>] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1)
            let ends = parts.count == 2 ? parts[1].split(separator: ":").map { Double($0) } : []
            guard ends.count == 2, let from = ends[0], let to = ends[1], from < to, from.isFinite, to.isFinite
            else {
                throw ValidationError("--range takes a name and two numbers such as a=4.5:5.5, not '\(text)'")
            }
            result[Parameter.asciiName(String(parts[0]))] = from...to
        }
        return result
    }

    static func check(_ range: ClosedRange<Double>, of parameter: Parameter) throws {
        let (allowed, what): (ClosedRange<Double>, String) =
            switch parameter.unit {
            case "Å":
                (
                    max(Limits.cellLengths.lowerBound, lengths.lowerBound * parameter.value)...lengths
                        .upperBound
                        * parameter.value, "a length from a tenth to ten times the truth's, in Å"
                )
            case "°": (angles, "degrees")
            default: (Limits.coordinates, "a fractional coordinate")
            }
        guard allowed.contains(range.lowerBound), allowed.contains(range.upperBound) else {
            func short(_ value: Double) -> String { String(format: "%.6g", value) }
            throw ValidationError(
                "--range \(parameter.name)=\(short(range.lowerBound)):\(short(range.upperBound)) goes beyond "
                    + "\(short(allowed.lowerBound)) to \(short(allowed.upperBound)), \(what)")
        }
    }
}
