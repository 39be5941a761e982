import Crystallography

/// What the verdict on a design stands on. A success is a candidate that meets A to E at once; the others say which of
/// them nothing meets.
package enum DesignClause: String, Sendable, Hashable, CaseIterable {
    case success
    case properties
    case stability
    case tolerance
    case neutrality
    case template

    /// What is asked.
    package var question: String {
        switch self {
        case .success: "Some candidate meets A to E at once."
        case .properties: "A: some candidate meets the targets and constraints."
        case .stability: "B: some candidate meets the target of the formation energy."
        case .tolerance: "C: some candidate has a tolerance factor in range."
        case .neutrality: "D: some candidate has oxidation states that add up to nothing."
        case .template:
            "E: some candidate keeps the template, and no two of its atoms stand closer than 0.6 of the sum of "
                + "their covalent radii or than --minimum-distance."
        }
    }

    private func isMet(by candidate: DesignCandidate) -> Bool {
        switch self {
        case .success: candidate.isSuccess
        case .properties: candidate.meetsProperties
        case .stability: candidate.isStable
        case .tolerance: candidate.meetsTolerance
        case .neutrality: candidate.charges != nil
        case .template: candidate.keepsTemplate
        }
    }

    private var what: String {
        switch self {
        case .success: "meets every target"
        case .properties: "meets the targets of the properties"
        case .stability: "meets the target of the formation energy"
        case .tolerance: "has a tolerance factor in range"
        case .neutrality: "is proven neutral"
        case .template: "keeps the template with its atoms apart"
        }
    }

    /// Without candidates only `success` fails; nothing is known of the rest.
    package static func verdict(on candidates: [DesignCandidate]) -> [VerdictClause] {
        allCases.map { clause in
            guard !candidates.isEmpty else {
                let sentence = "no candidate \(clause.what): the search found none"
                return VerdictClause(clause.rawValue, clause == .success ? .fails : .unknown, sentence)
            }
            let count = candidates.count(where: clause.isMet)
            guard count > 0 else {
                return VerdictClause(clause.rawValue, .fails, "no candidate \(clause.what)")
            }
            return VerdictClause(
                clause.rawValue, .holds, "\(count) of \(candidates.count) candidates: each \(clause.what)")
        }
    }
}
