import Crystallography
import Foundation
import GRDB
import Validation

/// A record of a set in a store.
package struct RecordKey: Sendable, Hashable {
    package var source: Int64
    /// The record's place in the whole set, from 0.
    package var ordinal: Int
}

/// What the store says of a record without reading it.
struct RecordHeading: Sendable {
    var key: RecordKey
    /// What structures that match have in common (`CompositionKey`).
    var composition: String
    /// Symbols by the alphabet with blanks between them.
    var elements: String
}

extension ValidationStore {
    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return encoder
    }

    private static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return decoder
    }

    /// - Parameter structure: nil where the record cannot be read.
    func add(_ verdict: ValidatedRecord, _ structure: CrystalStructure?, at key: RecordKey) throws {
        let encoder = Self.encoder()
        let text = try encoder.encode(verdict)
        let content = try structure.map { try encoder.encode(StoredStructure($0)) }
        let elements = structure.map {
            $0.composition.keys.map(\.symbol).sorted().joined(separator: " ")
        }
        try write {
            try $0.execute(
                sql: "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    key.source, key.ordinal, structure.map(CompositionKey.text), elements, text, content,
                ])
        }
    }

    /// Places of a set that are judged.
    func places(in source: StoredSource) throws -> Set<Int> {
        try read {
            Set(
                try Int.fetchAll(
                    $0, sql: "SELECT ordinal FROM record WHERE source = ?", arguments: [source.id]))
        }
    }

    /// Readable records of a set, in its order.
    func headings(in source: StoredSource) throws -> [RecordHeading] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT ordinal, composition, elements FROM record
                    WHERE source = ? AND structure IS NOT NULL ORDER BY ordinal
                    """, arguments: [source.id]
            ).map { row in
                RecordHeading(
                    key: RecordKey(source: source.id, ordinal: row["ordinal"]),
                    composition: row["composition"] ?? "", elements: row["elements"] ?? "")
            }
        }
    }

    func structure(_ key: RecordKey) throws -> CrystalStructure? {
        let data = try read {
            try Data.fetchOne(
                $0, sql: "SELECT structure FROM record WHERE source = ? AND ordinal = ?",
                arguments: [key.source, key.ordinal])
        }
        return try data.flatMap { try Self.decoder().decode(StoredStructure.self, from: $0).structure }
    }

    /// nil where there is no such record.
    func verdict(_ key: RecordKey) throws -> ValidatedRecord? {
        let data = try read {
            try Data.fetchOne(
                $0, sql: "SELECT verdict FROM record WHERE source = ? AND ordinal = ?",
                arguments: [key.source, key.ordinal])
        }
        return try data.map { try Self.decoder().decode(ValidatedRecord.self, from: $0) }
    }

    /// The verdicts of a set from a place on, in its order.
    func verdicts(in source: StoredSource, from place: Int, most: Int) throws -> [(
        RecordKey, ValidatedRecord
    )] {
        let rows = try read {
            try Row.fetchAll(
                $0,
                sql: """
                    SELECT ordinal, verdict FROM record WHERE source = ? AND ordinal >= ?
                    ORDER BY ordinal LIMIT ?
                    """, arguments: [source.id, place, most])
        }
        return try rows.map { row in
            let data: Data = row["verdict"]
            return (
                RecordKey(source: source.id, ordinal: row["ordinal"]),
                try Self.decoder().decode(ValidatedRecord.self, from: data)
            )
        }
    }
}
