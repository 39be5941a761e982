/// A table of texts, for a page, a terminal or a file.
public struct TextTable: Sendable {
    public enum Alignment: Sendable {
        case left
        /// Numbers: right-aligned with digits of equal width.
        case number
    }

    public struct Column: Sendable {
        public var name: String
        /// Shown small beside the name; empty for none.
        public var unit: String
        public var alignment: Alignment

        public init(_ name: String, unit: String = "", alignment: Alignment = .left) {
            self.name = name
            self.unit = unit
            self.alignment = alignment
        }

        /// `a/Å`, for plain text.
        public var heading: String { unit.isEmpty ? name : "\(name)/\(unit)" }
    }

    public var columns: [Column]
    /// As many texts a row as columns.
    public var rows: [[String]]
    /// A line under the table; empty for none.
    public var note: String

    public init(columns: [Column], rows: [[String]], note: String = "") {
        self.columns = columns
        self.rows = rows
        self.note = note
    }

    /// Tab-separated with a header line, units in the names: `B/Å²`.
    public var tabSeparated: String {
        func cell(_ text: String) -> String {
            String(text.map { $0 == "\t" || $0 == "\n" || $0 == "\r" ? " " : $0 })
        }
        let lines = [columns.map { cell($0.heading) }] + rows.map { $0.map(cell) }
        return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    /// Columns padded with blanks, for a terminal; headings with their units.
    public var padded: String { Self.padded(columns.map(\.heading), rows) }

    /// Columns padded with blanks, for a terminal.
    public static func padded(_ header: [String], _ rows: [[String]]) -> String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// A table of Markdown, the note below it.
    public var markdown: String {
        let names = columns.map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }
        let rule = columns.map { $0.alignment == .number ? "---:" : "---" }
        let lines = ([names, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
        return (lines + (note.isEmpty ? [] : ["", note])).joined(separator: "\n")
    }
}
