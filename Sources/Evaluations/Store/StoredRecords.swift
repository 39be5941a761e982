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

/// Where a record comes from.
struct RecordOrigin: Sendable {
    var file: String
    /// In its file, from 0.
    var index: Int
    var name: String?
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
        let text = try Self.encoder().encode(verdict)
        let content = structure.map(StoredStructure.data)
        let elements = structure.map {
            $0.composition.keys.map(\.symbol).sorted().joined(separator: " ")
        }
        let composition = structure.map(CompositionKey.text)
        let profile = RecordProfile(verdict)
        try write { database in
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            ).execute(arguments: [
                key.source, key.ordinal, composition, elements, verdict.file, verdict.index, verdict.name,
                profile.claimed, profile.spaceGroup, profile.density, profile.degreesOfFreedom,
                profile.atomCount,
            ])
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO content VALUES (?, ?, ?, ?)")
                .execute(arguments: [key.source, key.ordinal, text, content])
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
        try read {
            try Self.headings(
                $0, "source = ? AND composition IS NOT NULL ORDER BY ordinal", [source.id], in: source)
        }
    }

    /// Readable records of a set that have the composition of one in other sets, in their order.
    func headings(in source: StoredSource, ofCompositionsIn others: [StoredSource]) throws -> [RecordHeading]
    {
        let marks = others.map { _ in "?" }.joined(separator: ", ")
        return try read {
            try Self.headings(
                $0,
                """
                source = ? AND composition IN (SELECT composition FROM record WHERE source IN (\(marks)))
                ORDER BY ordinal
                """, StatementArguments([source.id] + others.map(\.id)), in: source)
        }
    }

    private static func headings(
        _ database: Database, _ condition: String, _ arguments: StatementArguments, in source: StoredSource
    ) throws -> [RecordHeading] {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT ordinal, composition, elements FROM record WHERE \(condition)",
            arguments: arguments)
        var headings: [RecordHeading] = []
        while let row = try rows.next() {
            headings.append(
                RecordHeading(
                    key: RecordKey(source: source.id, ordinal: row[0]), composition: row[1] ?? "",
                    elements: row[2] ?? ""))
        }
        return headings
    }

    /// What distributions ask of every record of a set, in its order.
    func profiles(in source: StoredSource) throws -> [RecordProfile] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT claimed, spaceGroup, density, degreesOfFreedom, atoms, elements FROM record
                    WHERE source = ? ORDER BY ordinal
                    """, arguments: [source.id])
            var (profiles, known) = ([RecordProfile](), [String: [Int]]())
            while let row = try rows.next() {
                let elements: String = row[5] ?? ""
                let numbers =
                    known[elements]
                    ?? elements.split(separator: " ").compactMap { Element(symbol: $0)?.atomicNumber }
                    .sorted()
                known[elements] = numbers
                profiles.append(
                    RecordProfile(
                        claimed: row[0], spaceGroup: row[1], density: row[2], degreesOfFreedom: row[3],
                        atomCount: row[4], elements: numbers))
            }
            return profiles
        }
    }

    /// nil where there is no such record.
    func origin(of key: RecordKey) throws -> RecordOrigin? {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT file, place, name FROM record WHERE source = ? AND ordinal = ?")
            return try Row.fetchOne(statement, arguments: [key.source, key.ordinal]).map {
                RecordOrigin(file: $0[0], index: $0[1], name: $0[2])
            }
        }
    }

    func structure(_ key: RecordKey) throws -> CrystalStructure? { try structures([key])[key] }

    /// Those that can be read.
    func structures(_ keys: [RecordKey]) throws -> [RecordKey: CrystalStructure] {
        let found = try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT structure FROM content WHERE source = ? AND ordinal = ?")
            return try keys.map { key in
                (key, try Data.fetchOne(statement, arguments: [key.source, key.ordinal]))
            }
        }
        return found.reduce(into: [:]) { result, entry in
            result[entry.0] = entry.1.flatMap(StoredStructure.structure)
        }
    }

    /// nil where there is no such record.
    func verdict(_ key: RecordKey) throws -> ValidatedRecord? {
        let data = try read {
            try Data.fetchOne(
                $0, sql: "SELECT verdict FROM content WHERE source = ? AND ordinal = ?",
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
                    SELECT ordinal, verdict FROM content WHERE source = ? AND ordinal >= ?
                    ORDER BY ordinal LIMIT ?
                    """, arguments: [source.id, place, most])
        }
        let decoder = Self.decoder()
        return try rows.map { row in
            let data: Data = row["verdict"]
            return (
                RecordKey(source: source.id, ordinal: row["ordinal"]),
                try decoder.decode(ValidatedRecord.self, from: data)
            )
        }
    }
}
