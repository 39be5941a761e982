import Validation

/// A set that is judged, record by record in its order.
package struct EvaluatedSet: Sendable {
    package let store: ValidationStore
    package let sources: [StoredSource]
    /// eV/atom above the hull up to which a record counts as stable.
    package let stableWithin: Double
    /// Whether there is a hull to hold energies against.
    package var hasHull = false
    /// Empty where novelty was not asked for.
    package var reference: [StoredSource] = []
    /// nil where it was not asked for, as are the next two.
    package var duplicates: [RecordKey: Likeness]?
    package var known: [RecordKey: Likeness]?
    package var stability: [RecordKey: RecordStability]?

    init(store: ValidationStore, sources: [StoredSource], stableWithin: Double) {
        (self.store, self.sources, self.stableWithin) = (store, sources, stableWithin)
    }

    /// A record with everything that was asked of it.
    package struct Record: Sendable {
        package var verdict: ValidatedRecord
        /// nil where it was not asked for or the record cannot be read, as are those below.
        package var isUnique: Bool?
        package var isNovel: Bool?
        package var isStable: Bool?
        /// The earlier record that it is like.
        package var duplicate: Partner?
        /// The record of the reference that it is like.
        package var known: Partner?
        package var stability: RecordStability?

        /// Stable, unique and novel; nil where one of them was not asked for.
        package var isSUN: Bool? {
            guard let isUnique, let isNovel else { return nil }
            return isStable.map { $0 && isUnique && isNovel }
        }

        init(_ verdict: ValidatedRecord) { self.verdict = verdict }
    }

    /// Another record that one is like.
    package struct Partner: Sendable {
        package var file: String
        /// In its file, from 0.
        package var index: Int
        package var name: String?
        /// Å, over all atoms of the common cell.
        package var rmsDisplacement: Double?
        /// Å.
        package var maxDisplacement: Double?
    }

    /// Records read from the store at a time.
    private static let page = 512

    /// Every record in the order of the sets, in flat memory.
    package func forEach(_ body: (Record) throws -> Void) throws {
        for source in sources {
            try Self.verdicts(of: source, in: store) { key, verdict in try body(record(key, verdict)) }
        }
    }

    /// What distributions ask of every record of the reference.
    package func forEachOfReference(_ body: (RecordProfile) throws -> Void) throws {
        for source in reference { try store.profiles(in: source).forEach(body) }
    }

    private static func verdicts(
        of source: StoredSource, in store: ValidationStore,
        _ body: (RecordKey, ValidatedRecord) throws -> Void
    ) throws {
        var place = 0
        while true {
            let rows = try store.verdicts(in: source, from: place, most: page)
            for (key, verdict) in rows { try body(key, verdict) }
            guard let last = rows.last else { return }
            place = last.0.ordinal + 1
        }
    }

    private func record(_ key: RecordKey, _ verdict: ValidatedRecord) throws -> Record {
        var record = Record(verdict)
        if let likeness = duplicates?[key] {
            record.isUnique = likeness.partner == nil
            record.duplicate = try partner(likeness)
        }
        if let likeness = known?[key] {
            record.isNovel = likeness.partner == nil
            record.known = try partner(likeness)
        }
        if let own = stability?[key] {
            record.stability = own
            record.isStable = own.aboveHull.map { $0 <= stableWithin }
        }
        return record
    }

    private func partner(_ likeness: Likeness) throws -> Partner? {
        guard let key = likeness.partner, let origin = try store.origin(of: key) else { return nil }
        return Partner(
            file: origin.file, index: origin.index, name: origin.name,
            rmsDisplacement: likeness.rmsDisplacement, maxDisplacement: likeness.maxDisplacement)
    }
}
