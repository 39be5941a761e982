import ExplainedErrors
import LearnedModels

/// Potentials by the names that commands take.
public enum PotentialCatalogue {
    /// What may be given for a potential, for the command's help.
    package static let help = "chgnet, chgnet-r2scan, kim:ID, ipi:unix:NAME or ipi:HOST:PORT."

    /// - `timeLimit`: seconds that a client of `ipi:` has to connect and for each answer.
    /// - `threads`: at most so many evaluate one large cell; one where many cells are evaluated at a time, 0 for
    ///   each core.
    /// - Throws: for a name that is no potential, a model that is not installed, an address that is taken.
    public static func potential(
        named name: String, timeLimit: Double = 600, threads: Int = 1
    ) throws -> any InteratomicPotential {
        if name.hasPrefix("ipi:") {
            return IPIPotential(try IPIServer(IPIAddress(name), timeLimit: timeLimit))
        }
        if name.hasPrefix("kim:") { return try KIMPotential(String(name.dropFirst(4))) }
        guard let model = LearnedModel.potentials.first(where: { $0.name == name }) else {
            throw PotentialError.unknown(name)
        }
        return try CHGNet(ModelStore.standard.checkpoint(model), name: model.name, threads: threads)
    }
}

/// A potential that cannot be had.
public enum PotentialError: ExplainedError, Hashable {
    case unknown(String)

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        switch self {
        case .unknown(let name):
            Explanation(
                "no potential is called '\(name)'",
                remedy: "give chgnet, chgnet-r2scan, kim:ID, ipi:unix:NAME or ipi:HOST:PORT")
        }
    }
}
