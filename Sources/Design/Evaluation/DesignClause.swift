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
    /// Asked where the judge relaxed the successes.
    case geometry
    /// Asked where relaxed successes were held against a reference.
    case orders
    /// Asked with it.
    case hull

    /// What is asked.
    package var question: String {
        switch self {
        case .success: "Some candidate meets A to E at once."
        case .properties: "A: some candidate meets the targets and constraints."
        case .stability: "B: some candidate meets the target of the formation energy."
        case .tolerance: "C: some candidate has a tolerance factor in range."
        case .neutrality: "D: some candidate has oxidation states that add up to nothing."
        case .template:
            "E: some candidate keeps the template, and no two of its atoms stand closer than 0.75 of the sum of "
                + "their covalent radii or than --minimum-distance."
        case .geometry:
            "Some candidate meets A to E where CHGNet's energy is least in its symmetry, not only as proposed."
        case .orders:
            "Some candidate does so in every order of equally distant neighbours, of which the models take some by accident."
        case .hull:
            "Some candidate that does lies within --stable-within of the convex hull of CHGNet's energies of known crystals."
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
        case .geometry, .orders, .hull: candidate.isSuccess
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
        case .geometry: "meets every target where its energy is least"
        case .orders: "meets every target there in every order of tied neighbours"
        case .hull: "meets every target there and lies near the hull"
        }
    }

    /// Without candidates only `success` fails; nothing is known of the rest.
    ///
    /// - Parameters:
    ///   - relaxed: the successes at the geometry of their least energy, nil where one has none; nil where none was relaxed.
    ///   - held: how many of these hold in every order of tied neighbours, and how many of those near the hull; nil where no reference was
    ///     asked.
    ///   - asksCharges: false where neutrality was not asked for.
    package static func verdict(
        on candidates: [DesignCandidate], relaxed: [DesignCandidate]? = nil,
        held: (orders: Int, hull: Int)? = nil, asksCharges: Bool = true
    ) -> [VerdictClause] {
        let standing: Set<DesignClause> = [.geometry, .orders, .hull]
        let proposed = allCases.filter { !standing.contains($0) && (asksCharges || $0 != .neutrality) }
        var result = clauses(proposed, on: candidates)
        guard let relaxed else { return result }
        result += clauses([.geometry], on: relaxed)
        guard let held, !relaxed.isEmpty else { return result }
        result += [(DesignClause.orders, held.orders), (.hull, held.hull)].map { clause, count in
            count > 0
                ? VerdictClause(
                    clause.rawValue, .holds, "\(count) of \(relaxed.count) candidates: each \(clause.what)")
                : VerdictClause(clause.rawValue, .fails, "no candidate \(clause.what)")
        }
        return result
    }

    private static func clauses(_ asked: [DesignClause], on candidates: [DesignCandidate]) -> [VerdictClause]
    {
        asked.map { clause in
            guard !candidates.isEmpty else {
                let sentence =
                    clause == .geometry
                    ? "no candidate was relaxed: no success, or CHGNet's table lacks an element of it"
                    : "no candidate \(clause.what): the search found none"
                return VerdictClause(
                    clause.rawValue, [.success, .geometry].contains(clause) ? .fails : .unknown, sentence)
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
