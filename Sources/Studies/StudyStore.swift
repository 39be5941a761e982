import Foundation
import GRDB
import Stores

/// The SQLite file of a study. Every finished run is one transaction: a process that is killed loses the runs in
/// progress and nothing else.
package final class StudyStore: Sendable {
    package let path: String
    private let queue: DatabaseQueue

    private let patience: Double

    /// - Parameters:
    ///   - mustExist: false makes the file.
    ///   - patience: seconds that another process may hold the file; one run is written in milliseconds, so that whoever
    ///     holds it for longer does not write runs.
    package init(path: String, mustExist: Bool = false, patience: Double = 60) throws {
        (self.path, self.patience) = (path, patience)
        if mustExist, !FileManager.default.fileExists(atPath: path) {
            throw StudyError.store(path: path, reason: "not there; run wyckoff study recovery first")
        }
        do {
            queue = try StoreFile.open(path, journal: .ahead, patience: patience)
            guard !mustExist else { return }
            try queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS study (key TEXT PRIMARY KEY, value TEXT NOT NULL);
                        CREATE TABLE IF NOT EXISTS reference (
                          name TEXT PRIMARY KEY, spaceGroup TEXT, structure TEXT, displacement REAL, strain REAL);
                        CREATE TABLE IF NOT EXISTS run (
                          structure TEXT, crystalSystem TEXT, freeCoordinates INTEGER, arm TEXT, prior TEXT,
                          objective TEXT, noise TEXT, level REAL, sample INTEGER, matched INTEGER,
                          matchedFixedScale INTEGER, exact INTEGER, ambiguous INTEGER, cosine REAL, rwp REAL,
                          cellError REAL, volumeError REAL, rmsDisplacement REAL, structuralDistance REAL,
                          mse REAL, entropy REAL, seconds REAL, note TEXT, start TEXT, "end" TEXT, path TEXT,
                          PRIMARY KEY (structure, arm, prior, objective, noise, level, sample));
                        """)
            }
        } catch let error as StudyError {
            throw error
        } catch {
            throw StudyError.store(path: path, reason: Self.reason(error, patience))
        }
    }

    private func access<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch {
            throw StudyError.store(path: path, reason: Self.reason(error, patience))
        }
    }

    private static func reason(_ error: any Error, _ patience: Double) -> String {
        let (problem, remedy) = StoreFile.explanation(
            of: error, kind: "study's store", resumption: "go on with --resume", patience: patience)
        return "\(problem); \(remedy)"
    }

    /// Settings of the study: seed, command, version.
    package func set(_ key: String, _ value: String) throws {
        try access {
            try queue.write {
                try $0.execute(sql: "INSERT OR REPLACE INTO study VALUES (?, ?)", arguments: [key, value])
            }
        }
    }

    package func value(_ key: String) throws -> String? {
        try access {
            try queue.read {
                try String.fetchOne($0, sql: "SELECT value FROM study WHERE key = ?", arguments: [key])
            }
        }
    }

    package func add(_ reference: RecoveryReference) throws {
        try access {
            try queue.write {
                try $0.execute(
                    sql: "INSERT OR REPLACE INTO reference VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        reference.name, reference.reduced.spaceGroup.compactSymbol,
                        StructureLine.json(reference.structure), reference.idealizationDisplacement,
                        reference.idealizationStrain,
                    ])
            }
        }
    }

    /// The structure kept under a name, as JSON; nil where there is none.
    func referenceLine(_ name: String) throws -> String? {
        try access {
            try queue.read {
                try String.fetchOne(
                    $0, sql: "SELECT structure FROM reference WHERE name = ?", arguments: [name])
            }
        }
    }

    package func add(_ run: RecoveryRun) throws {
        let m = run.measures
        let values: [(any DatabaseValueConvertible)?] = [
            run.structure, run.crystalSystem, run.freeCoordinates, run.arm, run.prior, run.objective,
            run.noise, run.level, run.sample, m?.matched ?? false, m?.matchedFixedScale ?? false,
            m?.exact ?? false, m?.ambiguous ?? false, finite(m?.cosine), finite(m?.rwp),
            finite(m?.cellError), finite(m?.volumeError), finite(m?.rmsDisplacement),
            finite(m?.structuralDistance), finite(m?.meanSquaredError), finite(m?.entropy), run.seconds,
            run.note, run.start, run.end, run.path,
        ]
        let marks = values.map { _ in "?" }.joined(separator: ",")
        try access {
            try queue.write {
                try $0.execute(
                    sql: "INSERT OR REPLACE INTO run VALUES (\(marks))", arguments: StatementArguments(values)
                )
            }
        }
    }

    private func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }

    package struct Key: Sendable, Hashable {
        package var structure, arm, prior, objective, noise: String
        package var level: Double
        package var sample: Int
    }

    /// The runs that are done.
    package func keys() throws -> Set<Key> {
        Set(
            try runs(includingStructures: false).map {
                Key(
                    structure: $0.structure, arm: $0.arm, prior: $0.prior, objective: $0.objective,
                    noise: $0.noise, level: $0.level, sample: $0.sample)
            })
    }

    /// All runs, in a fixed order.
    package func runs(includingStructures: Bool = true) throws -> [RecoveryRun] {
        try access {
            try queue.read { database in
                let rows = try Row.fetchCursor(
                    database,
                    sql: "SELECT * FROM run ORDER BY structure, noise, level, arm, objective, prior, sample")
                var result: [RecoveryRun] = []
                while let row = try rows.next() {
                    result.append(RecoveryRun(row, includingStructures: includingStructures))
                }
                return result
            }
        }
    }
}

extension RecoveryRun {
    fileprivate init(_ row: Row, includingStructures: Bool) {
        func number(_ name: String) -> Double { row[name] as Double? ?? .nan }
        let cosine: Double? = row["cosine"]
        self.init(
            structure: row["structure"], crystalSystem: row["crystalSystem"],
            freeCoordinates: row["freeCoordinates"], arm: row["arm"], prior: row["prior"],
            objective: row["objective"], noise: row["noise"], level: row["level"], sample: row["sample"],
            measures: cosine.map {
                RecoveryMeasures(
                    matched: row["matched"], matchedFixedScale: row["matchedFixedScale"],
                    exact: row["exact"], ambiguous: row["ambiguous"], cosine: $0, rwp: number("rwp"),
                    cellError: number("cellError"), volumeError: number("volumeError"),
                    rmsDisplacement: number("rmsDisplacement"),
                    structuralDistance: number("structuralDistance"), meanSquaredError: number("mse"),
                    entropy: number("entropy"))
            }, seconds: row["seconds"], note: row["note"],
            start: includingStructures ? row["start"] : "", end: includingStructures ? row["end"] : "",
            path: includingStructures ? row["path"] : "")
    }
}
