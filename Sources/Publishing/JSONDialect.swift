import Foundation

/// Objects as JSON, the one way the house writes it: keys sorted, slashes as they are, null for what is not finite.
package enum JSONDialect {
    /// On one line, for programs.
    ///
    /// - Throws: `EncodingError` where the value encodes to no JSON.
    package static func line(_ value: some Encodable) throws -> String { try text(value, []) }

    /// Over many lines, for people.
    ///
    /// - Throws: `EncodingError` where the value encodes to no JSON.
    package static func indented(_ value: some Encodable) throws -> String { try text(value, .prettyPrinted) }

    private static func text(
        _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        // The encoder knows no null for a number: a word that stands in no text takes its place.
        let word = "not-finite-\(UUID().uuidString)"
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: word, negativeInfinity: word, nan: word)
        return String(decoding: try encoder.encode(value), as: UTF8.self)
            .replacing("\"\(word)\"", with: "null")
    }

    /// A text between quotes that can also stand inside a script element of a page.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "<": result += "\\u003c"
            case _ where scalar.value < 32: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Numbers of at most six figures, null for what is not finite: enough to be read under a pointer.
    package static func array(_ values: [Double]) -> String {
        array(values) { String(format: "%.6g", $0) }
    }

    /// Numbers as `text` gives them, null for what is not finite.
    package static func array(_ values: [Double], _ text: (Double) -> String) -> String {
        "[" + values.map { $0.isFinite ? text($0) : "null" }.joined(separator: ",") + "]"
    }
}
