import Foundation

/// The structures of a table of comma-separated values: a CIF, a POSCAR or pymatgen's JSON in a column `cif`, `poscar`
/// or `structure`; `material_id` or `id` names it, and a column such as `spacegroup.number` claims its group.
struct CSVStructures {
    private static let texts = ["cif", "poscar", "structure", "atoms"]

    private var rows: CSVRows

    /// Whether a file is one by its name.
    static func isNamed(_ path: String) -> Bool {
        let name = path.lowercased()
        return name.hasSuffix(".csv") || name.hasSuffix(".csv.gz")
    }

    /// - Throws: where the table has no column of structures.
    init(path: String) throws(CrystalFileError) {
        rows = try CSVRows(path: path)
        guard rows.header.contains(where: Self.texts.contains) else {
            throw CrystalFileError(
                file: path, line: 1,
                problem: "no column holds structures (\(rows.header.prefix(8).joined(separator: ", ")))",
                remedy: "call the one that does cif, poscar or structure")
        }
    }

    var progress: Double { rows.progress }

    /// nil behind the last row; a faulty row is an error in its place.
    mutating func next() -> (line: Int, result: Result<CrystalRecord, CrystalFileError>)? {
        do throws(CrystalFileError) {
            guard let (line, cells) = try rows.next() else { return nil }
            do throws(CrystalFileError) {
                return (line, .success(try record(cells, line: line)))
            } catch {
                return (line, .failure(error))
            }
        } catch {
            return (error.line ?? 1, .failure(error))
        }
    }

    private func record(_ cells: [String], line: Int) throws(CrystalFileError) -> CrystalRecord {
        guard cells.count == rows.header.count else {
            throw CrystalFileError(
                file: rows.path, line: line,
                problem: "\(cells.count) cells under \(rows.header.count) headings",
                remedy: "put cells that hold commas between quotes")
        }
        var members: [JSONValue.Member] = []
        for (key, cell) in zip(rows.header, cells) where !cell.allSatisfy(\.isWhitespace) {
            guard ["structure", "atoms"].contains(key) else {
                members.append(.init(key: key, value: .string(cell)))
                continue
            }
            members.append(
                cell.first == "{"
                    ? .init(
                        key: key,
                        value: try JSONValue(parsing: Array(cell.utf8), file: rows.path, firstLine: line))
                    : .init(key: "cif", value: .string(cell)))
        }
        return try JSONRecordReader(value: .object(members), file: rows.path, line: line).record()
    }
}
