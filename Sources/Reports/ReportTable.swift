/// A table of texts for a page.
public struct ReportTable: Sendable {
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
        var heading: String { unit.isEmpty ? name : "\(name)/\(unit)" }
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
        let header = columns.map { $0.unit.isEmpty ? cell($0.name) : "\(cell($0.name))/\(cell($0.unit))" }
        return ([header] + rows.map { $0.map(cell) }).map { $0.joined(separator: "\t") + "\n" }.joined()
    }
}
