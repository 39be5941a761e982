import ArgumentParser
import Foundation
import Wyckoff

/// `--range a=4.5:5.5`: where parameters of a structure are scanned or mapped.
enum ParameterRanges {
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
}
