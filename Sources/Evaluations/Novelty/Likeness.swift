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
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO likeness VALUES (?, ?, ?, ?, ?, ?, ?)")
            for (key, likeness) in answers {
                try statement.execute(arguments: [
                    question, key.source, key.ordinal, likeness.partner?.source, likeness.partner?.ordinal,
                    likeness.rmsDisplacement, likeness.maxDisplacement,
                ])
            }
        }
    }

    /// The answers that are known.
    func likenesses(to question: String) throws -> [RecordKey: Likeness] {
        try read { database in
            var result: [RecordKey: Likeness] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT source, ordinal, partnerSource, partner, rms, largest FROM likeness
                    WHERE question = ?
                    """, arguments: [question])
            while let row = try rows.next() {
                let source: Int64? = row[2]
                let partner: Int? = row[3]
                var likeness = Likeness(rmsDisplacement: row[4], maxDisplacement: row[5])
                if let source, let partner { likeness.partner = RecordKey(source: source, ordinal: partner) }
                result[RecordKey(source: row[0], ordinal: row[1])] = likeness
            }
            return result
        }
    }
}
