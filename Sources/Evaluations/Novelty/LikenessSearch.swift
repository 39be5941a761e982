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
        /// Atoms of its own primitive cell, nothing averaged.
        let count: Int
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
            try await search.compare(own, with: others, known, question)
            progress(place + 1, total)
        }
    }

    private func compare(
        _ own: [RecordHeading], with others: [RecordHeading]?, _ known: [RecordKey: Likeness],
        _ question: String
    ) async throws {
        // Few are compared faster than they are sorted.
        let sorts = max(own.count, others?.count ?? 0) > Self.fewest
        var held = try (others ?? []).compactMap { try prepared($0.key, sorts) }
        // Many of one composition: some at a time against what is held, on all cores, then among themselves.
        let step = own.count > Self.many ? Self.chunk : 1
        for start in stride(from: 0, to: own.count, by: step) {
            try Task.checkCancellation()
            let (chunk, before) = (Array(own[start..<min(own.count, start + step)]), held)
            let search = self
            let found = try await parallelMap(chunk, width: step > 1 ? jobs : 1) { heading in
                try search.found(
                    heading, among: before, known[heading.key], isReference: others != nil, sorts)
            }
            var fresh: [Prepared] = []
            for case let entry? in found {
                let inside = entry.isDecided ? nil : try nearest(of: entry.own, among: fresh)
                let best = [entry.partner, inside].compactMap { $0 }.min { $0.difference < $1.difference }
                if others == nil, best == nil { fresh.append(entry.own) }
                guard !entry.isDecided else { continue }
                let answer = try likeness(of: entry.own, to: best)
                try store.add([(entry.own.key, answer)], to: question)
            }
            held += fresh
        }
    }

    /// A record beside what was held before it.
    private struct Found {
        let own: Prepared
        let partner: Partner?
        /// Known to be like none.
        let isDecided: Bool
    }

    /// A structure that one is like.
    private struct Partner {
        let other: Prepared
        /// Of the fingerprints.
        let difference: Double
    }

    /// - Returns: nil for what is decided and takes no further part.
    private func found(
        _ heading: RecordHeading, among held: [Prepared], _ answer: Likeness?, isReference: Bool,
        _ sorts: Bool
    ) throws -> Found? {
        if let answer, isReference || answer.partner != nil { return nil }
        guard let own = try prepared(heading.key, sorts) else { return nil }
        return Found(
            own: own, partner: answer == nil ? try nearest(of: own, among: held) : nil,
            isDecided: answer != nil)
    }

    private static let fewest = 4
    /// Records of one composition from which on cores share them.
    private static let many = 64
    /// Records that are compared at a time then.
    private static let chunk = 16

    private func prepared(_ key: RecordKey, _ sorts: Bool) throws -> Prepared? {
        guard let structure = try store.structure(key) else { return nil }
        let candidate = MatchCandidate(
            structure, tolerance: tolerances.primitive, settings: tolerances.search)
        let whole = structure.primitive(tolerance: tolerances.search.undivided)
        return Prepared(
            key: key, candidate: candidate, count: whole.sites.count,
            fingerprint: sorts ? StructureFingerprint(candidate.primitive) : nil)
    }

    /// The first by the order of the fingerprints that it is like.
    ///
    /// - Throws: `CancellationError`, in the middle of a pair too.
    private func nearest(of own: Prepared, among held: [Prepared]) throws -> Partner? {
        var order = held.enumerated().map { (place: $0.offset, other: $0.element, difference: 0.0) }
        if let fingerprint = own.fingerprint {
            for k in order.indices {
                order[k].difference = order[k].other.fingerprint?.difference(to: fingerprint) ?? 0
            }
            order.sort { ($0.difference, $0.place) < ($1.difference, $1.place) }
        }
        let match = try order.first {
            try StructureMatch.isMatch(
                own.candidate, $0.other.candidate, tolerances: commensurate(own, $0.other),
                check: Task.checkCancellation)
        }
        return match.map { Partner(other: $0.other, difference: $0.difference) }
    }

    /// The larger of the two cells holds what they have in common: polytypes of 15 and of 18 atoms are two structures, and
    /// their supercells of 90 atoms are not searched.
    private func commensurate(_ a: Prepared, _ b: Prepared) -> MatchTolerances {
        var tolerances = tolerances
        tolerances.search.mostAtoms = max(a.count, b.count)
        return tolerances
    }

    private func likeness(of own: Prepared, to partner: Partner?) throws -> Likeness {
        guard let partner else { return .none }
        let match = try StructureMatch.find(
            own.candidate, partner.other.candidate, tolerances: commensurate(own, partner.other),
            check: Task.checkCancellation)
        return Likeness(
            partner: partner.other.key, rmsDisplacement: match?.rmsDisplacement,
            maxDisplacement: match?.maximumDisplacement)
    }
}
