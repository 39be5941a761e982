import Crystallography
import Matching
import NumericalMethods

/// Which records of a set are like an earlier one, or like one of a reference.
///
/// Only structures of one composition are compared, and only these are read; those with the likest fingerprints first. The
/// matcher decides, and the displacement is that of all atoms in the common supercell.
struct LikenessSearch {
    let store: ValidationStore
    var tolerances = MatchTolerances()
    /// Compositions at a time; nil for the number of cores.
    var jobs: Int?

    /// Records of one composition.
    private struct Group {
        var own: [RecordHeading]
        /// Of the reference; nil where the own are compared among themselves.
        var others: [RecordHeading]?

        var size: Int { own.count + (others?.count ?? 0) }
        /// Whether there is nothing to compare with.
        var isAlone: Bool { others.map(\.isEmpty) ?? (own.count == 1) }
        /// Few are compared faster than they are sorted.
        var sorts: Bool { max(own.count, others?.count ?? 0) > Self.fewest }
        /// So many that cores share them.
        var isLarge: Bool { own.count > Self.many }
        /// Records that are compared at a time with those before them, then among themselves.
        var step: Int { isLarge ? Self.chunk : max(1, own.count) }

        private static let fewest = 4
        private static let many = 64
        private static let chunk = 16
    }

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
        let groups = try compositions(of: sources).values.map { Group(own: $0) }
        return try await answers(to: question("among", sources), groups, progress)
    }

    /// Each record against all of the reference.
    func known(
        in reference: [StoredSource], of sources: [StoredSource],
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> [RecordKey: Likeness] {
        let held = Dictionary(
            grouping: try reference.flatMap { try store.headings(in: $0, ofCompositionsIn: sources) },
            by: \.composition)
        let groups = try compositions(of: sources).map { Group(own: $1, others: held[$0] ?? []) }
        return try await answers(to: question("in", reference), groups, progress)
    }

    private func compositions(of sources: [StoredSource]) throws -> [String: [RecordHeading]] {
        Dictionary(grouping: try sources.flatMap { try store.headings(in: $0) }, by: \.composition)
    }

    private func answers(
        to question: String, _ groups: [Group], _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> [RecordKey: Likeness] {
        let known = try store.likenesses(to: question)
        let open = groups.filter { group in group.own.contains { known[$0.key] == nil } }
        try store.add(open.filter(\.isAlone).flatMap { $0.own.map { ($0.key, Likeness.none) } }, to: question)
        // The largest first, so that no core ends with one of them.
        let work = open.filter { !$0.isAlone }.sorted {
            ($1.own.count, $0.own[0].key.ordinal) < ($0.own.count, $1.own[0].key.ordinal)
        }
        let (search, total) = (self, work.count)
        _ = try await parallelMap(Self.batches(work), width: jobs) { batch in
            try await search.compare(batch.groups, known, question)
            progress(batch.end, total)
        }
        return try store.likenesses(to: question)
    }

    /// Structures that are read at once.
    private static let batch = 64

    /// Groups that are read and answered at once, and how many there are to their end.
    private static func batches(_ groups: [Group]) -> [(groups: [Group], end: Int)] {
        var batches: [(groups: [Group], end: Int)] = []
        var size = batch
        for (place, group) in groups.enumerated() {
            if size + group.size > batch {
                batches.append(([], place))
                size = 0
            }
            batches[batches.count - 1].groups.append(group)
            batches[batches.count - 1].end = place + 1
            size += group.size
        }
        return batches
    }

    /// Answers wait no longer than this for those that are written with them.
    private static let patience = Duration.milliseconds(100)

    private func compare(
        _ groups: [Group], _ known: [RecordKey: Likeness], _ question: String
    ) async throws {
        let structures = try store.structures(groups.flatMap { ($0.others ?? []) + $0.own }.map(\.key))
        let clock = ContinuousClock()
        var (answers, last) = ([(RecordKey, Likeness)](), clock.now)
        for group in groups {
            var held = (group.others ?? []).compactMap { prepared($0.key, structures, group.sorts) }
            for start in stride(from: 0, to: group.own.count, by: group.step) {
                try Task.checkCancellation()
                let chunk = Array(group.own[start..<min(group.own.count, start + group.step)])
                let found = try await compare(chunk, of: group, with: held, structures, known)
                answers += found.answers
                held += found.fresh
                guard clock.now - last > Self.patience else { continue }
                try store.add(answers, to: question)
                (answers, last) = ([], clock.now)
            }
        }
        try store.add(answers, to: question)
    }

    /// - Returns: what is found of each record, and those that later ones are to be compared with.
    private func compare(
        _ chunk: [RecordHeading], of group: Group, with held: [Prepared],
        _ structures: [RecordKey: CrystalStructure], _ known: [RecordKey: Likeness]
    ) async throws -> (answers: [(RecordKey, Likeness)], fresh: [Prepared]) {
        let (search, isReference) = (self, group.others != nil)
        let found = try await parallelMap(chunk, width: group.isLarge ? jobs : 1) { heading in
            let answer = known[heading.key]
            if let answer, isReference || answer.partner != nil { return nil as Found? }
            guard let own = search.prepared(heading.key, structures, group.sorts) else { return nil }
            return Found(
                own: own, partner: answer == nil ? try search.nearest(of: own, among: held) : nil,
                isDecided: answer != nil)
        }
        var (answers, fresh) = ([(RecordKey, Likeness)](), [Prepared]())
        for case let entry? in found {
            let inside = entry.isDecided ? nil : try nearest(of: entry.own, among: fresh)
            let best = [entry.partner, inside].compactMap { $0 }.min { $0.difference < $1.difference }
            if !isReference, best == nil { fresh.append(entry.own) }
            guard !entry.isDecided else { continue }
            answers.append((entry.own.key, best?.likeness ?? .none))
        }
        return (answers, fresh)
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
        let likeness: Likeness
        /// Of the fingerprints.
        let difference: Double
    }

    private func prepared(
        _ key: RecordKey, _ structures: [RecordKey: CrystalStructure], _ sorts: Bool
    ) -> Prepared? {
        guard let structure = structures[key] else { return nil }
        let candidate = MatchCandidate(
            structure, tolerance: tolerances.primitive, settings: tolerances.search)
        return Prepared(
            key: key, candidate: candidate, count: candidate.undivided.sites.count,
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
        for (_, other, difference) in order {
            let match = try StructureMatch.findMatch(
                own.candidate, other.candidate, tolerances: commensurate(own, other),
                check: Task.checkCancellation)
            guard let match else { continue }
            return Partner(
                likeness: Likeness(
                    partner: other.key, rmsDisplacement: match.rmsDisplacement,
                    maxDisplacement: match.maximumDisplacement), difference: difference)
        }
        return nil
    }

    /// The larger of the two cells holds what they have in common: polytypes of 15 and of 18 atoms are two structures, and
    /// their supercells of 90 atoms are not searched.
    private func commensurate(_ a: Prepared, _ b: Prepared) -> MatchTolerances {
        var tolerances = tolerances
        tolerances.search.mostAtoms = max(a.count, b.count)
        return tolerances
    }
}
