import ArgumentParser
import Foundation

/// `0.1,-0.02` on the command line.
enum NumberList {
    static func parse(_ text: String?, option: String, counts: ClosedRange<Int>) throws -> [Double]? {
        guard let text else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
        guard numbers.count == parts.count, counts.contains(numbers.count), numbers.allSatisfy(\.isFinite)
        else {
            let wanted =
                counts.lowerBound == counts.upperBound
                ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw ValidationError("\(option) takes \(wanted) numbers separated by commas, not '\(text)'")
        }
        return numbers
    }
}
