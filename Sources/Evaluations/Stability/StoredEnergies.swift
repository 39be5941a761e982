import GRDB
import NumericalMethods

extension ValidationStore {
    /// The energies that are kept under a method's name.
    func energies(by method: String) throws -> [RecordKey: EnergyMethod.Answer] {
        try read { database in
            var result: [RecordKey: EnergyMethod.Answer] = [:]
            let rows = try Row.fetchCursor(
                database, sql: "SELECT source, ordinal, energy, note FROM energy WHERE method = ?",
                arguments: [method])
            while let row = try rows.next() {
                let key = RecordKey(source: row["source"], ordinal: row["ordinal"])
                result[key] = EnergyMethod.Answer(energy: row["energy"], note: row["note"] ?? "")
            }
            return result
        }
    }

    /// Computes those that are not kept yet, each at once into the store.
    ///
    /// - Returns: all that are kept under the method's name.
    func energies(
        of keys: [RecordKey], by method: EnergyMethod, jobs: Int?,
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) async throws -> [RecordKey: EnergyMethod.Answer] {
        let name = method.name
        let known = try energies(by: name)
        let open = keys.filter { known[$0] == nil }
        let total = open.count
        let store = self
        _ = try await parallelMap(Array(open.enumerated()).map { ($0.offset, $0.element) }, width: jobs) {
            place, key in
            guard let structure = try store.structure(key) else { return }
            let answer = try method.energy(of: structure)
            try store.write {
                try $0.execute(
                    sql: "INSERT OR REPLACE INTO energy VALUES (?, ?, ?, ?, ?)",
                    arguments: [key.source, key.ordinal, name, answer.energy, answer.note])
            }
            progress(place + 1, total)
        }
        return try energies(by: name)
    }
}
