/// The bytes of a CIF, with repairs of what gemmi's grammar refuses and what carries no meaning.
struct CIFText {
    private(set) var bytes: [UInt8]
    /// What was passed over.
    private(set) var warnings: [ReadingWarning] = []

    /// Drops a byte-order mark and turns lone carriage returns into line ends. A byte outside ASCII stays
    /// only where the grammar takes it: in comments, quotes and text fields.
    init(_ text: [UInt8]) {
        bytes = text
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        for i in bytes.indices where bytes[i] == Self.carriageReturn {
            let isPair = i + 1 < bytes.count && bytes[i + 1] == Self.newline
            bytes[i] = isPair ? Self.blank : Self.newline
        }
        guard bytes.contains(where: { $0 >= 0x80 }) else { return }
        for line in Self.lines(of: bytes) where !line.isText {
            let isProtected = bytes[line.range].contains { Self.protecting.contains($0) }
            guard !isProtected else { continue }
            for i in line.range where bytes[i] >= 0x80 { bytes[i] = UInt8(ascii: "?") }
        }
    }

    /// The head says so.
    var isCIF2: Bool { bytes.starts(with: Array("#\\#CIF_2".utf8)) }

    /// Letters and forms are put in front of files (checkCIF's reply form). They are blanked; a structure among them
    /// is not, so that it is refused and not lost.
    mutating func passOverWhatStandsBeforeTheFirstBlock() {
        let lines = Self.lines(of: bytes)
        let first = lines.first { line in
            let text = trimmed(line)
            return !text.isEmpty && text.first != UInt8(ascii: "#")
        }
        guard let first, !beginsBlock(first) else { return }
        let block = lines.first { !$0.isText && beginsBlock($0) } ?? lines.first { beginsBlock($0) }
        guard let block else { return }
        let head = bytes[..<block.range.lowerBound]
        let lower = String(decoding: head, as: UTF8.self).lowercased()
        guard !lower.contains("_atom_site_fract_"), !lower.contains("_atom_site.fract_") else { return }
        for i in head.indices where bytes[i] != Self.newline { bytes[i] = Self.blank }
        warnings.append(.beforeTheFirstBlock)
    }

    /// `data_NaCl phase 1` becomes `data_NaCl_phase_1`; what belongs to no name ends it.
    mutating func joinBlockNames() {
        for line in Self.lines(of: bytes) where !line.isText && beginsBlock(line) {
            var index = line.range.upperBound - trimmed(line).count
            while index < line.range.upperBound {
                guard bytes[index] <= Self.blank else {
                    index += 1
                    continue
                }
                let gap = index
                while index < line.range.upperBound, bytes[index] <= Self.blank { index += 1 }
                let rest = String(decoding: bytes[index..<line.range.upperBound].prefix(8), as: UTF8.self)
                let ends = ["_", "#", "loop_", "save_", "data_"].contains { rest.lowercased().hasPrefix($0) }
                guard !rest.isEmpty, !ends else { break }
                for i in gap..<index { bytes[i] = UInt8(ascii: "_") }
            }
        }
    }

    /// CIF 2's `[1 2]`, `{'a': 1}`, `'''text'''` and `"""text"""` as quoted strings; whether there were any. Nothing is
    /// changed where one is not closed.
    @discardableResult
    mutating func quoteListsAndTripleQuotes() -> Bool {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isAtStart = true
        var index = 0
        var hasChanged = false
        while index < bytes.count {
            let byte = bytes[index]
            guard let end = isAtStart ? endOfToken(at: index) : index + 1 else { return false }
            if isAtStart, let content = foreign(index..<end) {
                result += Self.quoted(content)
                hasChanged = true
            } else {
                result += bytes[index..<end]
            }
            isAtStart = end == index + 1 && byte <= Self.blank
            index = end
        }
        if hasChanged { bytes = result }
        return hasChanged
    }

    // MARK: Tokens

    /// Where a comment, text field, quoted string or list that begins here ends; the next place for anything else; nil
    /// for a list or triple quotes without end.
    private func endOfToken(at start: Int) -> Int? {
        func end(of closing: [UInt8], from: Int) -> Int? {
            guard bytes.count >= closing.count, from <= bytes.count - closing.count else { return nil }
            return (from...(bytes.count - closing.count)).first {
                bytes[$0] == closing[0] && bytes[$0..<($0 + closing.count)].elementsEqual(closing)
            }.map { $0 + closing.count }
        }
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "#"):
            return bytes[start...].firstIndex(of: Self.newline) ?? bytes.count
        case UInt8(ascii: ";") where start == 0 || bytes[start - 1] == Self.newline:
            return end(of: [Self.newline, UInt8(ascii: ";")], from: start) ?? start + 1
        case UInt8(ascii: "'"), UInt8(ascii: "\""):
            let triple = [byte, byte, byte]
            if bytes[start...].starts(with: triple) { return end(of: triple, from: start + 3) }
            let line = bytes[start...].firstIndex(of: Self.newline) ?? bytes.count
            let close = bytes[(start + 1)..<max(line, start + 1)].indices.first {
                bytes[$0] == byte && ($0 + 1 >= bytes.count || bytes[$0 + 1] <= Self.blank)
            }
            return close.map { $0 + 1 } ?? start + 1
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            return endOfList(at: start)
        default: return start + 1
        }
    }

    /// The matching bracket, with quotes passed over.
    private func endOfList(at start: Int) -> Int? {
        var depth = 0
        var quote: UInt8?
        for index in start..<bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open || byte == Self.newline { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
        }
        return nil
    }

    /// The content of a token that CIF 1 does not know.
    private func foreign(_ token: Range<Int>) -> [UInt8]? {
        guard token.count > 1 else { return nil }
        let first = bytes[token.lowerBound]
        if first == UInt8(ascii: "[") || first == UInt8(ascii: "{") { return Array(bytes[token]) }
        let triple = [first, first, first]
        let isQuote = first == UInt8(ascii: "'") || first == UInt8(ascii: "\"")
        guard isQuote, token.count >= 6, bytes[token].starts(with: triple) else { return nil }
        return Array(bytes[token].dropFirst(3).dropLast(3))
    }

    private static func quoted(_ content: [UInt8]) -> [UInt8] {
        for quote in [UInt8(ascii: "'"), UInt8(ascii: "\"")]
        where !content.contains(quote) && !content.contains(newline) { return [quote] + content + [quote] }
        // A line that begins with ; would end the field.
        var text: [UInt8] = [newline, UInt8(ascii: ";")]
        for byte in content {
            if byte == UInt8(ascii: ";"), text.last == newline { text.append(blank) }
            text.append(byte)
        }
        return text + [newline, UInt8(ascii: ";"), newline]
    }

    // MARK: Lines

    private struct Line {
        var range: Range<Int>
        /// Within a text field, its first and last line among them.
        var isText: Bool
    }

    private static func lines(of bytes: [UInt8]) -> [Line] {
        var result: [Line] = []
        var start = 0
        var isInField = false
        func close(_ end: Int) {
            let isMark = start < end && bytes[start] == UInt8(ascii: ";")
            result.append(Line(range: start..<end, isText: isInField || isMark))
            if isMark { isInField.toggle() }
            start = end + 1
        }
        for i in bytes.indices where bytes[i] == newline { close(i) }
        close(bytes.count)
        return result
    }

    private func trimmed(_ line: Line) -> ArraySlice<UInt8> { bytes[line.range].drop { $0 <= Self.blank } }

    private func beginsBlock(_ line: Line) -> Bool {
        let text = trimmed(line)
        let word = String(decoding: text.prefix(7), as: UTF8.self).lowercased()
        return word.hasPrefix("data_") || word == "global_"
    }

    private static let protecting: [UInt8] = Array("'\"#".utf8)
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let blank = UInt8(ascii: " ")
}
