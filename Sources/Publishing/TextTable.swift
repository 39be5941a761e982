/// A table of texts, for a page, a terminal or a file.
package struct TextTable: Sendable {
    package enum Alignment: Sendable {
        case left
        /// Numbers: right-aligned with digits of equal width.
        case number
    }

    package struct Column: Sendable {
        package var name: String
        /// Shown small beside the name; empty for none.
        package var unit: String
        package var alignment: Alignment

        package init(_ name: String, unit: String = "", alignment: Alignment = .left) {
            self.name = name
            self.unit = unit
            self.alignment = alignment
        }

        /// `a/Å`, for plain text.
        package var heading: String { unit.isEmpty ? name : "\(name)/\(unit)" }
    }

    package var columns: [Column]
    /// As many texts a row as columns.
    package var rows: [[String]]
    /// A line under the table; empty for none.
    package var note: String

    package init(columns: [Column], rows: [[String]], note: String = "") {
        self.columns = columns
        self.rows = rows
        self.note = note
    }

    /// Tab-separated with a header line, units in the names: `B/Å²`.
    package var tabSeparated: String {
        func cell(_ text: String) -> String {
            String(text.map { $0 == "\t" || $0 == "\n" || $0 == "\r" ? " " : $0 })
        }
        let lines = [columns.map { cell($0.heading) }] + rows.map { $0.map(cell) }
        return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
    }

    /// Columns padded with blanks, for a terminal; headings with their units.
    package var padded: String { Self.padded(columns.map(\.heading), rows) }

    /// Columns padded with blanks, for a terminal.
    package static func padded(_ header: [String], _ rows: [[String]]) -> String {
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

    /// Heading and rows, padded with blanks by the columns' alignment: a line each, none with blanks at its end.
    package var aligned: [String] {
        let all = [columns.map(\.heading)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = columns.indices.map { k in
                let padding = String(repeating: " ", count: widths[k] - row[k].count)
                return columns[k].alignment == .number ? padding + row[k] : row[k] + padding
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// A table of Markdown, the note below it.
    package var markdown: String {
        let names = columns.map { $0.unit.isEmpty ? $0.name : "\($0.name) (\($0.unit))" }
        let rule = columns.map { $0.alignment == .number ? "---:" : "---" }
        let lines = ([names, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
        return (lines + (note.isEmpty ? [] : ["", note])).joined(separator: "\n")
    }
}
