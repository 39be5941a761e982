import Foundation

/// Rows of comma-separated values (RFC 4180), one after another: a cell in quotes may hold commas, quotes written twice
/// and ends of lines.
package struct CSVRows {
    private var reader: LineReader
    /// Names of the columns, in lower case.
    package let header: [String]

    /// - Throws: where the file cannot be read or has no header.
    package init(path: String) throws(CrystalFileError) {
        reader = try LineReader(path: path)
        guard let (_, first) = try Self.row(&reader) else {
            throw CrystalFileError(
                file: path, problem: "the file is empty", remedy: "give a header and a row for each structure"
            )
        }
        header = first.map { $0.trimmingCharacters(in: .whitespacesAndNewlines).lowercased() }
    }

    var path: String { reader.path }
    var progress: Double { reader.progress }

    /// The next row that is not empty with the line on which it begins, from 1; nil behind the last.
    package mutating func next() throws(CrystalFileError) -> (line: Int, cells: [String])? {
        try Self.row(&reader)
    }

    private static func row(
        _ reader: inout LineReader
    ) throws(CrystalFileError) -> (line: Int, cells: [String])? {
        var text: [UInt8] = []
        var first: Int?
        // As many quotes as end what they begin.
        var isOpen = false
        while let line = try reader.next() {
            if first == nil, !line.contains(where: { $0 > 0x20 }) { continue }
            if first != nil { text.append(UInt8(ascii: "\n")) }
            first = first ?? reader.line
            for byte in line where byte == UInt8(ascii: "\"") { isOpen.toggle() }
            text += line
            guard text.count < LineReader.longestLine else { break }
            if !isOpen { break }
        }
        guard let first else { return nil }
        guard !isOpen else {
            throw CrystalFileError(
                file: reader.path, line: first, problem: "a quote is open to the end of the file",
                remedy: "close it, or write quotes inside a cell twice")
        }
        return (first, cells(of: text))
    }

    private static func cells(of text: [UInt8]) -> [String] {
        let quote = UInt8(ascii: "\"")
        var cells: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var i = 0
        while i < text.count {
            let byte = text[i]
            if isQuoted, byte == quote, i + 1 < text.count, text[i + 1] == quote {
                cell.append(quote)
                i += 1
            } else if byte == quote, isQuoted || cell.isEmpty {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                cells.append(TextCheck.string(cell))
                cell = []
            } else {
                cell.append(byte)
            }
            i += 1
        }
        cells.append(TextCheck.string(cell))
        return cells
    }
}
