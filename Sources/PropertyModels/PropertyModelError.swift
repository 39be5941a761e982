import ExplainedErrors

/// Why a property cannot be predicted.
public enum PropertyModelError: ExplainedError, Hashable {
    case noAtoms
    /// Counted from 0.
    case disorder(atom: Int)
    case unknownElement(symbol: String)
    /// The checkpoint is that of another kind of network.
    case architecture(file: String, reason: String)
    case unknownModel(String, known: [String])

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .noAtoms:
            Explanation("the structure has no atoms")
        case .disorder(let atom):
            Explanation("elements share the site of atom \(atom + 1)", remedy: "give an ordered structure")
        case .unknownElement(let symbol):
            Explanation("the model does not know \(symbol)", remedy: "it knows elements 1 to 100")
        case .architecture(let file, let reason):
            Explanation(
                "not a CGCNN checkpoint (\(reason))",
                remedy: "give one of at most 64 features a node and 41 Gaussians", place: file)
        case .unknownModel(let name, let known):
            Explanation(
                "no property model is called '\(name)'", remedy: "there are \(known.joined(separator: ", "))")
        }
    }
}
