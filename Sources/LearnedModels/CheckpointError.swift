import Archives

/// Why a checkpoint cannot be used.
public enum CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file is cut off or changed.
    case damaged(file: String, reason: String)
    /// The pickle asks for something that is neither a tensor nor a plain value.
    case refused(file: String, request: String)
    /// A tensor that the model needs is missing or has another shape.
    case tensor(file: String, name: String, reason: String)
    case notRead(file: String)
    /// The file is not the one whose checksum is pinned.
    case checksum(file: String, expected: String, found: String)

    public var description: String {
        switch self {
        case .damaged(let file, let reason):
            "\(file): not a complete checkpoint (\(reason)); fetch the model again: wyckoff models fetch"
        case .refused(let file, let request):
            "\(file): refused: the file asks for \(request), which a checkpoint of weights does not need; "
                + "nothing was executed; fetch the model again: wyckoff models fetch"
        case .tensor(let file, let name, let reason):
            "\(file): tensor \(name) \(reason); give the checkpoint of this model"
        case .notRead(let file):
            "\(file): cannot be read; check the path and its permissions"
        case .checksum(let file, let expected, let found):
            "\(file): SHA-256 is \(found.prefix(16))…, not \(expected.prefix(16))…; "
                + "fetch the model again: wyckoff models fetch"
        }
    }
}
