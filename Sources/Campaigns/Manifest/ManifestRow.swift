import CrystalFiles

/// What a manifest says of one task.
struct ManifestRow {
    var name: String?
    var command: String?
    /// Column and value, in the table's order; empty cells are left out.
    var cells: [(column: String, value: String)]
    /// The folder that its paths begin in.
    var base: String
    /// `tasks.csv:7`.
    var place: String

    /// A file that stands for a task of its own.
    init(file: String, base: String) {
        (cells, self.base, place) = ([("file", file)], base, file)
    }

    private init(cells: [(column: String, value: String)], base: String, place: String) {
        (self.cells, self.base, self.place) = (cells, base, place)
    }

    /// The rows of a table.
    static func all(in path: String) throws -> [ManifestRow] {
        var rows = try CSVRows(path: path)
        let columns = rows.header.map { String($0.drop { $0 == "-" }) }
        if let place = columns.firstIndex(of: ""), place < columns.count {
            throw CampaignError(
                "\(path):1", "column \(place + 1) has no name",
                remedy: "name it after an option, or command, name, file")
        }
        let base = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        var result: [ManifestRow] = []
        while let (line, cells) = try rows.next() {
            guard cells.count <= columns.count else {
                throw CampaignError(
                    "\(path):\(line)", "\(cells.count) cells under \(columns.count) columns",
                    remedy: "put cells with commas into quotes")
            }
            var row = ManifestRow(cells: [], base: base, place: "\(path):\(line)")
            for (column, cell) in zip(columns, cells) {
                let value = cell.trimmingBlanks
                if value.isEmpty { continue }
                switch column {
                case "name": row.name = value
                case "command": row.command = value
                default: row.cells.append((column, value))
                }
            }
            result.append(row)
        }
        return result
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
