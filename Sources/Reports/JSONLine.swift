import Foundation
import Recovery

/// Objects as JSON, keys sorted; what is not finite is null, here and nowhere else decided.
public enum JSONLine {
    /// - Parameter isPretty: over many lines, for people; else one line.
    /// - Throws: `EncodingError` where the value encodes to no JSON.
    public static func text(_ value: some Encodable, isPretty: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        // The encoder knows no null for a number: a word that stands in no text takes its place.
        let word = "not-finite-\(UUID().uuidString)"
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: word, negativeInfinity: word, nan: word)
        return String(decoding: try encoder.encode(value), as: UTF8.self)
            .replacing("\"\(word)\"", with: "null")
    }
}

extension RecoverySummary {
    /// One object, keys sorted, numbers in full.
    public func json() throws -> String { try JSONLine.text(self, isPretty: true) }
}
