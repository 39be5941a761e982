import Foundation

/// One JSON object on one line, keys sorted; what is not finite is written as "inf", "-inf" or "nan".
public enum JSONLine {
    /// - Throws: `EncodingError` where the value encodes to no JSON.
    public static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
