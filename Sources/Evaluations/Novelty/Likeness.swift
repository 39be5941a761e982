import GRDB

/// Whether a record is like one that came before it or that a reference holds.
package struct Likeness: Sendable, Hashable {
    /// The record that it is like; nil where there is none.
    package var partner: RecordKey?
    /// Å, over all atoms of the common cell; nil without a partner.
    package var rmsDisplacement: Double?
    /// Å, the largest.
    package var maxDisplacement: Double?

    /// Like nothing.
    package static let none = Likeness()
}

extension ValidationStore {
    /// - Parameter question: what was asked, with everything that decides the answer.
    func add(_ answers: [(RecordKey, Likeness)], to question: String) throws {
        try write { database in
            for (key, likeness) in answers {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO likeness VALUES (?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        key.source, key.ordinal, question, likeness.partner?.source,
                        likeness.partner?.ordinal, likeness.rmsDisplacement, likeness.maxDisplacement,
                    ])
            }
        }
    }

    /// The answers that are known.
    func likenesses(to question: String) throws -> [RecordKey: Likeness] {
        try read { database in
            var result: [RecordKey: Likeness] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM likeness WHERE question = ?", arguments: [question])
            while let row = try rows.next() {
                let source: Int64? = row["partnerSource"]
                let partner: Int? = row["partner"]
                var likeness = Likeness(
                    rmsDisplacement: row["rms"], maxDisplacement: row["largest"])
                if let source, let partner { likeness.partner = RecordKey(source: source, ordinal: partner) }
                result[RecordKey(source: row["source"], ordinal: row["ordinal"])] = likeness
            }
            return result
        }
    }
}
