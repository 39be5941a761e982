import ExplainedErrors

/// Why a study cannot start or go on; one line each.
package enum StudyError: ExplainedError {
    /// What is wrong with the words typed, and the remedy.
    case usage(String)
    /// A structure that cannot serve as a reference.
    case structure(name: String, reason: String)
    /// The store.
    case store(path: String, reason: String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .usage(let text): Explanation(text)
        case .structure(let name, let reason): Explanation(reason, place: name)
        case .store(let path, let reason): Explanation(reason, place: path)
        }
    }
}
