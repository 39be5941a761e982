import ArgumentParser
import ExplainedErrors
import LearnedModels
import Wyckoff

/// What somebody who mistyped a name probably meant.
enum MeantName {
    /// `did you mean Pnma or Pnnm? ` before what else may be given, or nothing.
    static func question(_ text: String, among known: [String]) -> String {
        let reach = max(1, text.count / 3)
        let near = known.map { (name: $0, distance: Invocation.editDistance($0, text)) }
            .filter { $0.distance <= reach }
        guard let least = near.map(\.distance).min() else { return "" }
        let names = near.filter { $0.distance == least }.prefix(3).map(\.name)
        return "did you mean \(names.joined(separator: " or "))? "
    }

    /// - Throws: where a potential has another name than those that commands take.
    static func checkPotential(_ name: String?, option: String = "--potential") throws {
        guard let name, !name.hasPrefix("kim:"), !name.hasPrefix("ipi:") else { return }
        let known = LearnedModel.potentials.map(\.name)
        guard !known.contains(name) else { return }
        throw ValidationError(
            "\(option): no potential is called '\(name)'; \(question(name, among: known))give \(PotentialCatalogue.help)"
        )
    }

    /// What `--family` answers to names that are no crystal family.
    static func familyRemedy(_ name: String) -> String {
        ["trigonal", "rhombohedral"].contains(name.lowercased())
            ? "; \(name.lowercased()) crystals are of the family hexagonal" : ""
    }
}

extension SpaceGroup {
    /// The group that a user names.
    ///
    /// - Throws: for a text that names none, with the symbols that are nearest to it.
    static func named(_ text: String) throws -> SpaceGroup {
        do {
            return try find(text)
        } catch {
            var explanation = error.explanation
            let symbols = Set((1...530).compactMap { SpaceGroup(hallNumber: $0)?.compactSymbol }).sorted()
            let letters = text.filter { !$0.isWhitespace }
            let question = Int(letters) == nil ? MeantName.question(letters, among: symbols) : ""
            explanation.remedy = question + (explanation.remedy ?? "")
            throw UnknownGroup(explanation: explanation)
        }
    }
}

/// A text that names no space group.
struct UnknownGroup: ExplainedError {
    let explanation: Explanation
}
