import Archives
import ExplainedErrors

/// Why a checkpoint cannot be used.
package enum CheckpointError: ExplainedError, Hashable {
    /// The file is cut off or changed.
    case damaged(file: String, reason: String)
    /// The pickle asks for something that is neither a tensor nor a plain value.
    case refused(file: String, request: String)
    /// A tensor that the model needs is missing or has another shape.
    case tensor(file: String, name: String, reason: String)
    case notRead(file: String)
    /// The file is not the one whose checksum is pinned.
    case checksum(file: String, expected: String, found: String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .damaged(let file, let reason):
            Explanation(
                "not a complete checkpoint (\(reason.onOneLine))",
                remedy: "fetch the model again: wyckoff models fetch", place: file)
        case .refused(let file, let request):
            Explanation(
                "refused: the file asks for \(request.onOneLine), which a checkpoint of weights does "
                    + "not need", remedy: "nothing was executed; fetch the model again: wyckoff models fetch",
                place: file)
        case .tensor(let file, let name, let reason):
            Explanation(
                "tensor \(name.onOneLine) \(reason.onOneLine)", remedy: "give the checkpoint of this model",
                place: file)
        case .notRead(let file):
            Explanation("cannot be read", remedy: "check the path and its permissions", place: file)
        case .checksum(let file, let expected, let found):
            Explanation(
                "SHA-256 is \(found.prefix(16))…, not \(expected.prefix(16))…",
                remedy: "fetch the model again: wyckoff models fetch", place: file)
        }
    }
}

extension String {
    /// What a foreign file says of itself, fit for a message: no control characters, no more than 120 characters.
    fileprivate var onOneLine: String {
        let text = String(
            unicodeScalars.prefix(120).map { scalar in
                let isControl =
                    scalar.properties.generalCategory == .control || scalar.properties.isWhitespace
                return isControl ? " " : Character(scalar)
            })
        return unicodeScalars.count > 120 ? text + "…" : text
    }
}
