import Crystallography
import Matching
import NumericalMethods

/// Which records of a set are like an earlier one, or like one of a reference.
///
/// Only structures of one composition are compared, those with the likest fingerprints first; the matcher decides, and
/// the displacement is that of all atoms in the common supercell.
struct LikenessSearch {
    let store: ValidationStore
    var tolerances = MatchTolerances()
    /// Compositions at a time; nil for the number of cores.
    var jobs: Int?

    /// A structure prepared for comparing.
    private struct Prepared {
        let key: RecordKey
        let candidate: MatchCandidate
        let fingerprint: StructureFingerprint?
    }

    /// The question under which the answers are kept.
    private func question(_ kind: String, _ sources: [StoredSource]) -> String {
        let t = tolerances
        return "\(kind) \(sources.map { "\($0.id)" }.joined(separator: ",")) within \(t.length) \(t.site) "
            + "\(t.angle)\(t.scalesVolume ? "" : " fixed scale")"
    }

    /// Each record against all before it that are like none themselves.
    func duplicates(
        in sources: [StoredSource], progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> [RecordKey: Likeness] {
        let question = question("among", sources)
        let known = try store.likenesses(to: question)
        let groups = Dictionary(
            grouping: try sources.flatMap { try store.headings(in: $0) }, by: \.composition)
        try await answer(question, groups.values.map { ($0, nil) }, known, progress)
        return try store.likenesses(to: question)
    }

    /// Each record against all of the reference.
    func known(
        in reference: [StoredSource], of sources: [StoredSource],
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> [RecordKey: Likeness] {
        let question = question("in", reference)
        let known = try store.likenesses(to: question)
        let held = Dictionary(
            grouping: try reference.flatMap { try store.headings(in: $0) }, by: \.composition)
        let groups = Dictionary(
            grouping: try sources.flatMap { try store.headings(in: $0) }, by: \.composition)
        try await answer(question, groups.map { ($1, held[$0] ?? []) }, known, progress)
        return try store.likenesses(to: question)
    }

    /// - Parameter groups: records of one composition, with those of the reference; nil where they are compared among
    ///   themselves.
    private func answer(
        _ question: String, _ groups: [(own: [RecordHeading], others: [RecordHeading]?)],
        _ known: [RecordKey: Likeness], _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws {
        let open = groups.filter { group in group.own.contains { known[$0.key] == nil } }
        let alone = open.filter { $0.others.map(\.isEmpty) ?? ($0.own.count == 1) }
        try store.add(alone.flatMap { $0.own.map { ($0.key, Likeness.none) } }, to: question)
        // The largest first, so that no core ends with one of them.
        let work = open.filter { !($0.others.map(\.isEmpty) ?? ($0.own.count == 1)) }
            .sorted { ($1.own.count, $0.own[0].key.ordinal) < ($0.own.count, $1.own[0].key.ordinal) }
        let total = work.count
        let search = self
        let indexed = work.enumerated().map { ($0.offset, $0.element.own, $0.element.others) }
        _ = try await parallelMap(indexed, width: jobs) { place, own, others in
            try search.compare(own, with: others, known, question)
            progress(place + 1, total)
        }
    }

    private func compare(
        _ own: [RecordHeading], with others: [RecordHeading]?, _ known: [RecordKey: Likeness],
        _ question: String
    ) throws {
        // Few are compared faster than they are sorted.
        let sorts = max(own.count, others?.count ?? 0) > Self.fewest
        var held = try (others ?? []).compactMap { try prepared($0.key, sorts) }
        for heading in own {
            try Task.checkCancellation()
            if let answer = known[heading.key] {
                guard others == nil, answer.partner == nil else { continue }
                if let own = try prepared(heading.key, sorts) { held.append(own) }
                continue
            }
            guard let own = try prepared(heading.key, sorts) else { continue }
            let likeness = likeness(of: own, among: held)
            if others == nil, likeness.partner == nil { held.append(own) }
            try store.add([(heading.key, likeness)], to: question)
        }
    }

    private static let fewest = 4

    private func prepared(_ key: RecordKey, _ sorts: Bool) throws -> Prepared? {
        guard let structure = try store.structure(key) else { return nil }
        let candidate = MatchCandidate(
            structure, tolerance: tolerances.primitive, settings: tolerances.search)
        return Prepared(
            key: key, candidate: candidate,
            fingerprint: sorts ? StructureFingerprint(candidate.primitive) : nil)
    }

    private func likeness(of own: Prepared, among held: [Prepared]) -> Likeness {
        var order = held.map { ($0, 0.0) }
        if let fingerprint = own.fingerprint {
            order = held.map { ($0, $0.fingerprint?.difference(to: fingerprint) ?? 0) }
                .sorted { $0.1 < $1.1 }
        }
        for (other, _) in order
        where StructureMatch.isMatch(own.candidate, other.candidate, tolerances: tolerances) {
            let match = StructureMatch.find(own.candidate, other.candidate, tolerances: tolerances)
            return Likeness(
                partner: other.key, rmsDisplacement: match?.rmsDisplacement,
                maxDisplacement: match?.maximumDisplacement)
        }
        return .none
    }
}
