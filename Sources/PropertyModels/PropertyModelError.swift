/// Why a property cannot be predicted.
public enum PropertyModelError: Error, Sendable, Hashable, CustomStringConvertible {
    case noAtoms
    /// Counted from 0.
    case disorder(atom: Int)
    case unknownElement(symbol: String)
    /// The checkpoint is that of another kind of network.
    case architecture(file: String, reason: String)
    case unknownModel(String, known: [String])

    public var description: String {
        switch self {
        case .noAtoms: "the structure has no atoms"
        case .disorder(let atom):
            "elements share the site of atom \(atom + 1); give an ordered structure"
        case .unknownElement(let symbol): "the model does not know \(symbol); it knows elements 1 to 100"
        case .architecture(let file, let reason):
            "\(file): not a CGCNN checkpoint (\(reason)); give one of at most 64 features a node and 41 Gaussians"
        case .unknownModel(let name, let known):
            "no property model is called '\(name)'; there are \(known.joined(separator: ", "))"
        }
    }
}
