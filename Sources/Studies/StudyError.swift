/// Why a study cannot start or go on; one line each.
public enum StudyError: Error, CustomStringConvertible, Sendable {
    /// What is wrong with the words typed, and the remedy.
    case usage(String)
    /// A structure that cannot serve as a reference.
    case structure(name: String, reason: String)
    /// The store.
    case store(path: String, reason: String)

    public var description: String {
        switch self {
        case .usage(let text): text
        case .structure(let name, let reason): "\(name): \(reason)"
        case .store(let path, let reason): "\(path): \(reason)"
        }
    }
}
