import CGemmi
import ExplainedErrors

/// A CIF as data blocks, tags and values; gemmi parses it.
///
/// Tags are compared in lower case and with `.` as `_`, so that the dictionaries of core CIF 2 and 3
/// (`_cell_length_a`, `_cell.length_a`) are the same names here.
package struct CIFDocument: Sendable {
    package var blocks: [CIFBlock]

    /// What was passed over on reading.
    package let warnings: [ReadingWarning]

    /// - Throws: the first syntax error, with its line.
    package init(parsing text: [UInt8], file: String) throws(CrystalFileError) {
        var repaired = CIFText(text)
        guard repaired.bytes.contains(where: { $0 > 0x20 }) else {
            throw CrystalFileError(file: file, problem: "the file is empty", remedy: "give a complete CIF")
        }
        repaired.passOverWhatStandsBeforeTheFirstBlock()
        repaired.joinBlockNames()
        warnings = repaired.warnings
        if repaired.isCIF2 { repaired.quoteListsAndTripleQuotes() }
        do throws(CrystalFileError) {
            blocks = try Self.parsed(repaired.bytes, file: file)
        } catch {
            // CIF 2 without its mark at the head; where that is not it either, the first reading's error is thrown.
            guard !repaired.isCIF2, repaired.quoteListsAndTripleQuotes(),
                let again = try? Self.parsed(repaired.bytes, file: file)
            else { throw error }
            blocks = again
        }
    }

    package init(parsing text: String, file: String) throws(CrystalFileError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }

    private static func parsed(_ text: [UInt8], file: String) throws(CrystalFileError) -> [CIFBlock] {
        var message = [CChar](repeating: 0, count: 512)
        var line = 0
        let parsed = text.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) {
                cgemmi_cif_parse($0.baseAddress, $0.count, &message, message.count, &line)
            }
        }
        guard let document = parsed else {
            let reason = String(
                decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw CrystalFileError(
                file: file, line: line > 0 ? line : nil, problem: "not valid CIF: \(reason)",
                remedy: "correct the syntax or write the file again")
        }
        defer { cgemmi_cif_free(document) }
        return (0..<cgemmi_cif_block_count(document)).map { CIFBlock(document, block: $0, file: file) }
    }
}

/// One data block of a CIF.
package struct CIFBlock: Sendable {
    package let name: String
    package let file: String
    private var columns: [String: CIFColumn] = [:]
    /// Tags that stand more than once in the block; the first one counts.
    package private(set) var duplicateTags: [String] = []

    fileprivate init(_ document: OpaquePointer, block: Int, file: String) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
        name = text(cgemmi_cif_block_name(document, block)) ?? ""
        self.file = file
        for index in 0..<cgemmi_cif_column_count(document, block) {
            let written = text(cgemmi_cif_column_tag(document, block, index)) ?? ""
            let tag = Self.normalized(written)
            guard columns[tag] == nil else {
                duplicateTags.append(tag)
                continue
            }
            columns[tag] = CIFColumn(
                tag: written, line: Int(cgemmi_cif_column_line(document, block, index)),
                loop: Int(cgemmi_cif_column_loop(document, block, index)),
                values: (0..<cgemmi_cif_value_count(document, block, index)).map {
                    text(cgemmi_cif_value(document, block, index, $0))
                })
        }
    }

    private static func normalized(_ tag: String) -> String {
        tag.lowercased().replacing(".", with: "_")
    }

    /// The first of these tags that the block has with at least one value.
    package func column(_ tags: String...) -> CIFColumn? { column(tags) }

    package func column(_ tags: [String]) -> CIFColumn? {
        tags.lazy.compactMap { columns[Self.normalized($0)] }.first { !$0.values.isEmpty }
    }

    /// The first known value under one of these tags; nil where all are missing, `?` or `.`.
    package func text(_ tags: String...) -> String? { text(tags) }

    package func text(_ tags: [String]) -> String? {
        tags.lazy.compactMap { columns[Self.normalized($0)]?.values.first ?? nil }.first
    }

    /// All known single values under these tags, in the order of the tags.
    func texts(_ tags: String...) -> [String] {
        tags.compactMap { columns[Self.normalized($0)]?.values.first ?? nil }
    }

    /// - Throws: where the value is there and not a number.
    package func number(_ tags: String...) throws(CrystalFileError) -> Double? {
        for tag in tags {
            guard let column = columns[Self.normalized(tag)], let text = column.values.first ?? nil else {
                continue
            }
            guard let number = TextNumber.measured(text) else {
                throw error("\"\(text)\" is not a number", at: column, remedy: "give a number")
            }
            return number.value
        }
        return nil
    }

    /// Whether the block has any tag that begins so.
    package func hasTag(beginning prefix: String) -> Bool {
        let prefix = Self.normalized(prefix)
        return columns.keys.contains { $0.hasPrefix(prefix) }
    }

    /// The first tag that begins so and has a known value.
    func firstTag(beginning prefix: String) -> CIFColumn? {
        let prefix = Self.normalized(prefix)
        return columns.filter { $0.key.hasPrefix(prefix) && $0.value.values.contains { $0 != nil } }
            .min { $0.value.line < $1.value.line }?.value
    }

    /// All with a known value whose tags begin with one of these, in the order of the file.
    func columns(beginning prefixes: [String]) -> [CIFColumn] {
        columns.filter { tag, column in
            prefixes.contains { tag.hasPrefix($0) } && column.values.contains { $0 != nil }
        }
        .map(\.value).sorted { $0.line < $1.line }
    }

    func error(_ problem: String, at column: CIFColumn? = nil, remedy: String) -> CrystalFileError {
        CrystalFileError(
            file: file, line: column?.line, field: column?.tag ?? "data_\(name)", problem: problem,
            remedy: remedy)
    }

    /// What an error that knows no file says, at its place in this one.
    func error(_ error: some ExplainedError, at column: CIFColumn? = nil) -> CrystalFileError {
        let explanation = error.explanation
        return self.error(
            explanation.problem, at: column, remedy: explanation.remedy ?? "correct the file")
    }
}

/// The values of one tag, in a loop or alone.
package struct CIFColumn: Sendable {
    /// As the file writes it.
    package let tag: String
    /// Where the item or its `loop_` begins.
    package let line: Int
    /// The same number for columns of one loop.
    package let loop: Int
    /// nil for an unquoted `?` or `.`.
    package let values: [String?]
}
